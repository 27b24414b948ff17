using System.Text.Json.Serialization;

namespace Dragoman.Routing;

/// <summary>How much each thing counts where a strategy weighs them against each other; 1 is the house's own measure, 0 leaves it out.</summary>
/// <param name="Quality">Whether it will answer well.</param>
/// <param name="Thrift">What it costs.</param>
/// <param name="Latency">How long it takes.</param>
/// <param name="Health">Whether it answers at all, as lately seen.</param>
public sealed record StrategyWeights(
    // Records leave out what is usual of its kind, and 0 is not that here.
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double Quality = 1,
    [property: JsonPropertyName("cost"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        double Thrift = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double Latency = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double Health = 1
)
{
    public static readonly StrategyWeights Usual = new();
}
