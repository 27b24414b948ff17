using Dragoman.Guardrails;
using Dragoman.Usage.Bodies;

namespace Dragoman.Configuration;

/// <summary>What the configuration file says, as it says it. Null and empty are "not said".</summary>
public sealed record DragomanConfig
{
    public static readonly DragomanConfig Empty = new();

    public DefaultsConfig Defaults { get; init; } = new();

    /// <summary>A file of one's own facts about models, as it is written.</summary>
    public string? Catalog { get; init; }

    /// <summary>In the order of the file: the first is the first asked where nothing else decides.</summary>
    public IReadOnlyList<ProviderConfig> Providers { get; init; } = [];
    public IReadOnlyList<ModelConfig> Models { get; init; } = [];

    /// <summary>Name and what it stands for.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Aliases { get; init; } = [];
    public IReadOnlyList<ChainConfig> Chains { get; init; } = [];
    public IReadOnlyList<RouteConfig> Routes { get; init; } = [];

    public IReadOnlyList<AgentConfig> Agents { get; init; } = [];

    public IReadOnlyList<BudgetConfig> Budgets { get; init; } = [];

    /// <summary>Whom soft alerts are told to.</summary>
    public AlertsConfig? Alerts { get; init; }

    /// <summary>Which addresses requests may hold.</summary>
    internal UrlPolicy Urls { get; init; } = UrlPolicy.Strict;

    /// <summary>Whose prompts and answers are kept; the first that holds an exchange counts.</summary>
    internal IReadOnlyList<BodyRule> Bodies { get; init; } = [];

    /// <summary>Those that are active, in the order of the file, which is the order they judge in.</summary>
    internal IReadOnlyList<Guardrail> Guardrails { get; init; } = [];

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<RuleConfig> Rules { get; init; } = [];
    public IReadOnlyList<LimitConfig> Limits { get; init; } = [];
}
