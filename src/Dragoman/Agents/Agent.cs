using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Agents;

/// <summary>A way of being asked that has a name: whom, with which words before everything, parameters and limits (<c>agent:&lt;id&gt;</c>).</summary>
internal sealed record Agent
{
    public required string Id { get; init; }

    /// <summary>Any callable name but an agent's.</summary>
    public required string Model { get; init; }

    /// <summary>The chain behind it; null where there is none.</summary>
    public string? Chain { get; init; }

    /// <summary>Names to try behind it; null leaves that to the request and to configuration.</summary>
    public IReadOnlyList<string>? Fallbacks { get; init; }
    public string? Strategy { get; init; }

    /// <summary>What holds where the client says nothing.</summary>
    public DeploymentParameters? Parameters { get; init; }

    /// <summary>Stands before the client's own system message.</summary>
    public string? SystemPrompt
    {
        get;
        init => (field, SystemPromptTokens) = (value, SystemWordTokens.Of(value));
    }

    /// <summary>Tokens that <see cref="SystemPrompt"/> adds to a request.</summary>
    public long SystemPromptTokens { get; private init; }
    public ContextPolicy? Context { get; init; }

    /// <summary>What whoever answers must be known to have.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>US dollars that one call may cost by its estimate; null is without limit.</summary>
    public decimal? MaxCostUsd { get; init; }
    public bool LocalOnly { get; init; }
    public string? Description { get; init; }

    /// <summary>False refuses those who ask for it.</summary>
    public bool Active { get; init; } = true;

    /// <summary>A client's wishes within the agent's: of limits the stricter holds.</summary>
    public Wishes Within(Wishes wishes) =>
        wishes with
        {
            Strategy = wishes.Strategy ?? Strategy,
            Chain = wishes.Chain ?? (wishes.Fallback is null ? Chain : null),
            Fallback =
                wishes.Fallback ?? (wishes.Chain is null && Chain is null ? Fallbacks : null),
            LocalOnly = LocalOnly ? true : wishes.LocalOnly,
            MaxCostUsd =
                wishes.MaxCostUsd < MaxCostUsd || MaxCostUsd is null
                    ? wishes.MaxCostUsd
                    : MaxCostUsd,
            RequiredCapabilities =
                Capabilities.Count == 0
                    ? wishes.RequiredCapabilities
                    : [.. wishes.RequiredCapabilities.Union(Capabilities)],
        };
}
