namespace Dragoman.Usage;

/// <summary>How the ledger gathers records before it stores them.</summary>
public sealed class UsageLedgerOptions
{
    /// <summary>Records held in memory at most; past it, appending waits. At least 1.</summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>
    /// How long the oldest record waits for others to share its transaction. A record is promised to be stored within 100 ms; on one
    /// core a longer wait only makes larger batches, which requests then queue behind (docs/performance.md).
    /// </summary>
    public TimeSpan CommitDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The first wait after the store failed; each further one is twice as long.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two tries.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a failing store is still tried while the process shuts down.</summary>
    public TimeSpan ShutdownPatience { get; init; } = TimeSpan.FromSeconds(10);
}
