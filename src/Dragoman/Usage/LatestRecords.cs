namespace Dragoman.Usage;

/// <summary>Lets whoever asks right after an answer find its record: the ledger stores in groups, some hundredths of a second later.</summary>
internal static class LatestRecords
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until all records so far are stored, but not for a store that cannot take them.</summary>
    public static async ValueTask StoredAsync(
        IUsageLedger ledger,
        CancellationToken cancellationToken
    )
    {
        var stored = ledger.FlushAsync(CancellationToken.None);
        if (!stored.IsCompleted)
            await Task.WhenAny(stored, Task.Delay(Patience, cancellationToken));
    }
}
