using System.Globalization;
using Dragoman.Routing;

namespace Dragoman.Native.Recommending;

/// <summary>Whether a model is what somebody wants. What is unknown of it meets no limit.</summary>
/// <param name="wish">What is wanted.</param>
/// <param name="constraints">What else is asked for.</param>
/// <param name="costOf">US dollars that a usual request would cost; null is unknown.</param>
internal sealed class WishFit(
    UnderstoodWish wish,
    RecommendationConstraints constraints,
    Func<KnownModel, decimal?> costOf
)
{
    /// <summary>Why not, in words that all models of which it holds share; null where it fits.</summary>
    public string? WhyNot(KnownModel model) =>
        WhyNotCallable(model)
        ?? WhyNotThere(model)
        ?? model.Abilities.WhyNot(wish.Capabilities)
        ?? Below(model.ContextWindow, wish.MinContext, "context", "tokens")
        ?? WhyTooDear(model)
        ?? WhyTooSlow(model);

    private string? WhyNotCallable(KnownModel model) =>
        !model.IsAvailable && constraints.IncludeUnavailable is not true
            ? "cannot be called with this configuration"
        : !model.IsAlive ? "its vendor no longer offers it, or soon will not"
        : null;

    private string? WhyNotThere(KnownModel model) =>
        wish.Providers.Count > 0 && !wish.Providers.Any(name => ModelFinder.IsOf(model, name))
            ? $"not of {string.Join(" or ", wish.Providers)}"
        : wish.WithoutProviders.FirstOrDefault(name => ModelFinder.IsOf(model, name)) is { } other
            ? $"of {other}"
        : wish.Local is true && !model.Local ? "leaves the house"
        : wish.Local is false && model.Local ? "in the house"
        : wish.Region is { } region && !IsIn(model, region)
            ? $"not known to answer in the {region.ToUpperInvariant()}"
        : null;

    /// <summary>Only who runs a deployment can say where it runs: by its region, by a tag, or by being at home.</summary>
    private static bool IsIn(KnownModel model, string region) =>
        model.Local
        || region.Equals(model.Deployment?.Region, StringComparison.OrdinalIgnoreCase)
        || model.Deployment?.Tags.Any(tag =>
            tag.Equals(region, StringComparison.OrdinalIgnoreCase)
            || tag.Equals("region:" + region, StringComparison.OrdinalIgnoreCase)
        ) == true;

    private string? WhyTooDear(KnownModel model) =>
        Above(model.MeanCost, wish.MaxCostPer1k, "per 1,000 tokens")
        ?? Above(model.Prices?.Input / 1000, wish.MaxInputPer1k, "per 1,000 tokens put in")
        ?? Above(model.Prices?.Output / 1000, wish.MaxOutputPer1k, "per 1,000 tokens put out")
        ?? Above(
            wish.MaxCostUsd is null ? null : costOf(model),
            wish.MaxCostUsd,
            "for a usual request"
        );

    private string? WhyTooSlow(KnownModel model) =>
        Slower(model.AnswerTime, wish.MaxLatencyMs, "an answer")
        ?? Slower(model.Latency?.TimeToFirstToken, wish.MaxFirstTokenMs, "the first token");

    private static string? Below(long? known, long? least, string what, string unit) =>
        least is not { } wanted ? null
        : known is not { } has ? $"{what} unknown"
        : has < wanted
            ? string.Create(CultureInfo.InvariantCulture, $"{what} below {wanted:#,0} {unit}")
        : null;

    private static string? Above(decimal? known, decimal? most, string of) =>
        most is not { } limit ? null
        : known is not { } costs ? "price unknown"
        : costs > limit ? $"dearer than {Figures.Usd(limit)} {of}"
        : null;

    private static string? Slower(TimeSpan? known, long? most, string until) =>
        most is not { } limit ? null
        : known is not { } takes ? "speed unknown"
        : takes.TotalMilliseconds > limit
            ? string.Create(CultureInfo.InvariantCulture, $"slower than {limit} ms until {until}")
        : null;
}
