using System.Globalization;
using Dragoman.Catalog;
using Dragoman.Routing;

namespace Dragoman.Native.Recommending;

/// <summary>Says in one line why a model stands where it stands: its figures, and in what it is the first.</summary>
internal sealed class RecommendationReasons(IReadOnlyList<Candidate> fitting, string? task)
{
    private readonly double? _best = fitting.Max(static one => one.CautiousQuality);
    private readonly decimal? _cheapest = fitting.Min(static one => one.Cost);
    private readonly TimeSpan? _fastest = fitting.Min(static one => one.Latency);

    public string Of(Candidate candidate, KnownModel model)
    {
        var told = string.Join(
            ", ",
            new[]
            {
                Quality(candidate),
                Price(model),
                candidate.Latency is { } time
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{time.TotalSeconds:0.0} s for an answer"
                    )
                    : "speed unknown",
                model.Local ? "in the house" : null,
            }.OfType<string>()
        );
        return First(candidate) is { Length: > 0 } first ? $"{first}: {told}" : told;
    }

    private string First(Candidate candidate)
    {
        if (fitting.Count == 1)
            return "the only one that fits";
        List<string> first = [];
        if (candidate.CautiousQuality is { } good && good >= _best)
            first.Add(task is null ? "the best" : $"the best at {task}");
        if (candidate.Cost is { } cost && cost <= _cheapest)
            first.Add("the cheapest");
        if (candidate.Latency is { } time && time <= _fastest)
            first.Add("the fastest");
        return string.Join(" and ", first) + (first.Count > 0 ? $" of {fitting.Count}" : "");
    }

    private string Quality(Candidate candidate) =>
        candidate.Quality is not { } quality
            ? "quality unknown"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"quality {quality:0} ± {candidate.QualityError:0}{(task is null ? "" : " at " + task)}"
            );

    private static string Price(KnownModel model) =>
        model.Prices is not { Input: { } input } prices ? "price unknown"
        : input == 0 && prices.Output is null or 0 ? "free"
        : model.Kind is ModelKind.Embedding || prices.Output is null
            ? $"{Figures.Usd(input)} per million tokens"
        : $"{Figures.Usd(input)} in and {Figures.Usd(prices.Output)} out per million tokens";
}
