using Dragoman.Routing;

namespace Dragoman.Configuration;

/// <summary>Reads <c>weights: { quality, cost, latency, health }</c>: each 0 to 100, 1 where it is not said.</summary>
internal static class WeightsReader
{
    private const decimal Most = 100;

    public static StrategyWeights? Read(ConfigSection owner)
    {
        if (owner.Section("weights") is not { } section)
            return null;
        var usual = StrategyWeights.Usual;
        var weights = new StrategyWeights(
            Weight("quality") ?? usual.Quality,
            Weight("cost") ?? usual.Thrift,
            Weight("latency") ?? usual.Latency,
            Weight("health") ?? usual.Health
        );
        section.Done();
        if (weights is { Quality: 0, Thrift: 0, Latency: 0 })
            section.Mistakes.Add(
                section.Path,
                "Nothing would count: at least one of quality, cost and latency must be more than 0."
            );
        return weights;

        double? Weight(string name) => (double?)section.Number(name, 0, Most);
    }
}
