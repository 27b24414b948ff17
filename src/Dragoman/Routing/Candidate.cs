using Dragoman.Catalog;

namespace Dragoman.Routing;

/// <summary>A deployment as strategies see it: the facts that bear on one request. Null is unknown, which is never the best.</summary>
public sealed record Candidate
{
    public required Deployment Deployment { get; init; }

    /// <summary>US dollars that the request would cost, by the estimate.</summary>
    public decimal? Cost { get; init; }

    /// <summary>How fast it is; null is unknown.</summary>
    internal StartingLatency? Speed { get; init; }

    /// <summary>Until the whole answer is there.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>At the task the client named, else over all: 0 to 100 on the scale of <see cref="QualityPrior"/>.</summary>
    public double? Quality { get; init; }

    /// <summary>Standard error of <see cref="Quality"/>.</summary>
    public double QualityError { get; init; }

    /// <summary>The task that <see cref="Quality"/> is about; null is all of them.</summary>
    public string? Task { get; init; }

    /// <summary>How many of the things the request needs (tools, seeing, …) it is not known to have.</summary>
    public int Missing { get; init; }

    /// <summary>What its quality is at the least, as far as one standard error goes: who is badly known does not win by that.</summary>
    public double? CautiousQuality => Quality - QualityError;

    /// <summary><c>provider/model</c>.</summary>
    public string Name => Deployment.PublicName;

    public override string ToString() => Name;
}
