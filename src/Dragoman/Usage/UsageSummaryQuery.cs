namespace Dragoman.Usage;

/// <summary>Which calls are summed up, and by what. Filters that are null let everything pass.</summary>
public sealed record UsageSummaryQuery
{
    public const int DefaultLimit = 1_000;

    public UsageGrouping By { get; init; }

    /// <summary>Calls that began at this time or later.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Calls that began before this time.</summary>
    public required DateTimeOffset To { get; init; }

    public string? Workspace { get; init; }

    /// <summary><c>provider/model</c>, or a model's id whoever served it.</summary>
    public string? Model { get; init; }
    public string? Provider { get; init; }
    public string? Execution { get; init; }
    public string? Task { get; init; }
    public string? Caller { get; init; }

    /// <summary>Rows at most; at least 1.</summary>
    public int Limit { get; init; } = DefaultLimit;
}
