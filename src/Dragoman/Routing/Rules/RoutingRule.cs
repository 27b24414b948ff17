using Dragoman.Catalog;
using Dragoman.Routing.Conditions;

namespace Dragoman.Routing.Rules;

/// <summary>What happens to requests that meet a condition.</summary>
internal sealed record RoutingRule
{
    public required string Name { get; init; }

    /// <summary>Lower comes first.</summary>
    public int Priority { get; init; } = UsualPriority;

    /// <summary>Null is always.</summary>
    public Condition? When { get; init; }

    /// <summary>Any callable name; null leaves the one that was asked for.</summary>
    public string? Target { get; init; }

    /// <summary>The chain behind the target; alone, the chain itself.</summary>
    public string? Chain { get; init; }

    /// <summary>The strategy that chooses, where something is chosen.</summary>
    public string? Strategy { get; init; }

    /// <summary>What wins over the client's own.</summary>
    public DeploymentParameters? Parameters { get; init; }
    public bool Active { get; init; } = true;

    public const int UsualPriority = 100;

    /// <summary>What it does, in words.</summary>
    public string Outcome =>
        string.Join(
            ", ",
            new[]
            {
                Target is null ? null : "target " + Target,
                Chain is null ? null : "chain " + Chain,
                Strategy is null ? null : "strategy " + Strategy,
                Parameters is null ? null : "parameters",
            }.Where(static part => part is not null)
        );

    /// <summary>The name and the condition, as reasons tell them.</summary>
    public string Told => When is null ? $"rule '{Name}'" : $"rule '{Name}' ({When})";
}
