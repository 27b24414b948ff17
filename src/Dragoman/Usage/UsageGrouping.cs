namespace Dragoman.Usage;

/// <summary>What a summary of the ledger has one row for each of. Times are those at which calls began, in UTC.</summary>
public enum UsageGrouping
{
    /// <summary>No rows, only totals.</summary>
    None,

    /// <summary><c>provider/model</c> that answered.</summary>
    Model,
    Provider,
    Hour,
    Day,
    Month,
    Workspace,

    /// <summary>The client's own run. Calls that belong to none are in the totals only.</summary>
    Execution,

    /// <summary>The caller.</summary>
    Key,
    Task,
}
