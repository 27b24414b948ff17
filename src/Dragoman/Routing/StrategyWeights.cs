using System.Text.Json.Serialization;

namespace Dragoman.Routing;

/// <summary>How much each thing counts where a strategy weighs them against each other; 1 is the house's own measure, 0 leaves it out.</summary>
/// <param name="Quality">Whether it will answer well.</param>
/// <param name="Thrift">What it costs.</param>
/// <param name="Latency">How long it takes.</param>
/// <param name="Health">Whether it answers at all, as lately seen.</param>
public sealed record StrategyWeights(
    double Quality = 1,
    [property: JsonPropertyName("cost")] double Thrift = 1,
    double Latency = 1,
    double Health = 1
)
{
    public static readonly StrategyWeights Usual = new();
}
