using Dragoman.Access;
using Dragoman.Canonical;

namespace Dragoman.Configuration;

/// <summary>What is said about a budget. Null is "not said".</summary>
public sealed record BudgetConfig
{
    public required string Name { get; init; }

    /// <summary>What it applies to; each combination of matched values has the amount for itself.</summary>
    public Scope Scope { get; init; } = Scope.Everything;

    /// <summary>US dollars in a window.</summary>
    public decimal? Amount { get; init; }

    /// <summary><c>day</c>, <c>week</c>, <c>month</c>, <c>total</c>, or <c>30d</c> and <c>12h</c> for windows that roll.</summary>
    public string? Window { get; init; }

    /// <summary>Whose midnight a window begins at, e.g. <c>Europe/Berlin</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Shares of the amount whose passing is told.</summary>
    public IReadOnlyList<decimal>? Alerts { get; init; }

    /// <summary>The chain that calls go on with; null stops them.</summary>
    public string? Downgrade { get; init; }

    /// <summary>The share of the amount from which on they do.</summary>
    public decimal? DowngradeAt { get; init; }

    /// <summary>What models without a price are counted at; null refuses them.</summary>
    public UnpricedConfig? Unpriced { get; init; }

    /// <summary>How long a call waits for what others may give back.</summary>
    public TimeSpan? Wait { get; init; }
    public IReadOnlyList<RaiseConfig> Raises { get; init; } = [];
}

/// <summary>US dollars per 1,000 tokens that are taken where no price is known.</summary>
public sealed record UnpricedConfig(decimal InputPer1K, decimal OutputPer1K);

/// <summary>An amount in US dollars that is added for a time; times as they are written.</summary>
public sealed record RaiseConfig(string Path, decimal? Amount, string? From, string? Until);

/// <summary>Whom alerts are told to.</summary>
public sealed record AlertsConfig
{
    public WebhookConfig? Webhook { get; init; }
}

/// <summary>An address that alerts are posted to, signed with the secret where there is one.</summary>
public sealed record WebhookConfig(string Url, SecretText? Secret);
