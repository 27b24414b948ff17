namespace Dragoman.Storage.Sqlite;

/// <summary>What calls can be told apart by, beside time.</summary>
[Flags]
internal enum UsageDimensions
{
    None = 0,
    Deployment = 1,
    Task = 2,
    Workspace = 4,
    Caller = 8,
    Execution = 16,
}

/// <summary>
/// A choice of what the sums of <c>usage_rollup</c> tell apart. The fewer things, the fewer rows: a question is answered from the
/// first cut that has all it groups and filters by.
/// </summary>
/// <param name="Number">As the tables have it; never used again for another cut.</param>
/// <param name="Dimensions">What is told apart.</param>
/// <param name="Hours">Whether there are sums per hour too; without, parts of days are read from the single records.</param>
internal sealed record RollupCut(int Number, UsageDimensions Dimensions, bool Hours)
{
    public const int Hourly = 1;
    public const int Daily = 2;

    /// <summary>The number of the cut that tells deployments apart and nothing else.</summary>
    public const int Deployments = 3;

    private const UsageDimensions D = UsageDimensions.Deployment;
    private const UsageDimensions T = UsageDimensions.Task;
    private const UsageDimensions W = UsageDimensions.Workspace;
    private const UsageDimensions C = UsageDimensions.Caller;
    private const UsageDimensions X = UsageDimensions.Execution;

    /// <summary>
    /// From the smallest to the largest; the last has everything. A key works in one workspace as a rule, and so does an execution:
    /// telling both apart makes no more rows.
    /// </summary>
    public static IReadOnlyList<RollupCut> All { get; } =
    [
        new(0, UsageDimensions.None, Hours: true),
        new(1, W, Hours: true),
        new(2, T, Hours: true),
        new(Deployments, D, Hours: true),
        new(4, W | C, Hours: true),
        new(5, W | T, Hours: true),
        new(6, D | W, Hours: true),
        new(7, D | T, Hours: true),
        new(8, D | W | C, Hours: false),
        new(9, D | W | T, Hours: true),
        new(10, D | W | T | C, Hours: false),
        new(11, X | W | C, Hours: true),
        new(12, X | D | W | T | C, Hours: false),
    ];

    public bool OfExecutions => Dimensions.HasFlag(UsageDimensions.Execution);

    public string Table => OfExecutions ? "usage_rollup_execution" : "usage_rollup";

    /// <summary>The columns behind the bucket in the table's key, in their order.</summary>
    public IReadOnlyList<UsageDimensions> Key => OfExecutions ? ExecutionKey : PlainKey;

    public static RollupCut For(UsageDimensions needed) =>
        All.First(cut => (cut.Dimensions & needed) == needed);

    public static string Column(UsageDimensions dimension) =>
        dimension switch
        {
            UsageDimensions.Deployment => "deployment",
            UsageDimensions.Task => "task",
            UsageDimensions.Workspace => "workspace",
            UsageDimensions.Caller => "caller",
            UsageDimensions.Execution => "execution",
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
        };

    private static readonly UsageDimensions[] PlainKey =
    [
        UsageDimensions.Task,
        UsageDimensions.Workspace,
        UsageDimensions.Caller,
        UsageDimensions.Deployment,
    ];

    private static readonly UsageDimensions[] ExecutionKey =
    [
        UsageDimensions.Deployment,
        UsageDimensions.Task,
        UsageDimensions.Workspace,
        UsageDimensions.Caller,
        UsageDimensions.Execution,
    ];
}
