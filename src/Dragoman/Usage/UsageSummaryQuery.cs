namespace Dragoman.Usage;

/// <summary>Which calls are summed up, and by what. Filters that are null let everything pass.</summary>
public sealed record UsageSummaryQuery
{
    public const int DefaultLimit = 1_000;

    /// <summary>Of executions there may be as many as calls: nobody reads a thousand of them unasked.</summary>
    private const int DefaultLimitOfExecutions = 100;

    /// <summary>How many rows are shown where nobody says.</summary>
    public static int DefaultLimitOf(UsageGrouping by) =>
        by is UsageGrouping.Execution ? DefaultLimitOfExecutions : DefaultLimit;

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

    /// <summary>Only these callers' calls, whatever else is asked for; null is everybody's, an empty list nobody's.</summary>
    public IReadOnlyList<string>? Callers { get; init; }

    /// <summary>Rows at most; at least 1.</summary>
    public int Limit { get; init; } = DefaultLimit;
}
