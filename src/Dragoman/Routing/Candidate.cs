using Dragoman.Catalog;

namespace Dragoman.Routing;

/// <summary>
/// A deployment as strategies see it: the facts that bear on one request, rounded as they are kept with the request's record, so that
/// the same order can be found again from there. Null is unknown, which is never the best.
/// </summary>
public sealed record Candidate
{
    public required Deployment Deployment { get; init; }

    /// <summary>US dollars that the request would cost, by the estimate; what its provider's cache spares is taken off.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Tokens of the answer that <see cref="Cost"/> and <see cref="Latency"/> are taken for.</summary>
    public long? AnswerTokens { get; init; }

    /// <summary>Until the first token is there.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>Until the whole answer is there.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>At the request's task, else over all: 0 to 100 on the scale of <see cref="QualityPrior"/>.</summary>
    public double? Quality { get; init; }

    /// <summary>Standard error of <see cref="Quality"/>.</summary>
    public double QualityError { get; init; }

    /// <summary>The task that <see cref="Quality"/> is about; null is all of them.</summary>
    public string? Task { get; init; }

    /// <summary>How hard the request is, 0 to 1; null where nobody looked.</summary>
    public double? Difficulty { get; init; }

    /// <summary>Of its lately ended attempts, the part that failed; null where there were none.</summary>
    public double? ErrorShare { get; init; }

    /// <summary>How many of the things the request needs (tools, seeing, …) it is not known to have.</summary>
    public int Missing { get; init; }

    /// <summary>What its provider's cache holds of the conversation; null where it holds nothing that is known of.</summary>
    public HeldCache? Held { get; init; }

    /// <summary>Too dear to be chosen before others that nobody asked for by name.</summary>
    public bool IsDear
    {
        get => field || Deployment.Prices?.Input > ChatModels.DearestUnasked;
        init;
    }

    /// <summary>When the model came out, <c>2025-08-07</c>; null is unknown.</summary>
    public string? Released
    {
        get => field ?? Deployment.Entry?.Released;
        init;
    }

    /// <summary>What its quality is at the least, as far as one standard error goes: who is badly known does not win by that.</summary>
    public double? CautiousQuality => Quality - QualityError;

    /// <summary>How likely it answers well, 0 to 1; null where its quality or the request's difficulty is unknown.</summary>
    public double? Chance =>
        CautiousQuality is { } quality && Difficulty is { } difficulty
            ? SuccessChance.Of(quality, difficulty)
            : null;

    /// <summary><c>provider/model</c>.</summary>
    public string Name => Deployment.PublicName;

    public override string ToString() => Name;
}

/// <summary>A part of a conversation in a provider's cache.</summary>
/// <param name="Tokens">How much.</param>
/// <param name="SavedUsd">US dollars that this spares the request; null where a price is unknown.</param>
public sealed record HeldCache(long Tokens, decimal? SavedUsd);
