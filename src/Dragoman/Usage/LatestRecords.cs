using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Usage;

/// <summary>Lets whoever asks right after an answer find its record: the ledger stores in groups, some hundredths of a second later.</summary>
internal static class LatestRecords
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The record of an exchange, waiting for it where it is not stored yet; null where there is none.</summary>
    public static async ValueTask<UsageRecord?> FindAsync(
        IUsageStore store,
        IUsageLedger ledger,
        RequestId id,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindAsync(id, cancellationToken) is { } record)
            return record;
        await StoredAsync(ledger, cancellationToken);
        return await store.FindAsync(id, cancellationToken);
    }

    /// <summary>What is told where there is none.</summary>
    public static GatewayError NoneOf(string? id) =>
        new(
            GatewayErrorKind.NotFound,
            $"There is no record of '{(id is { Length: > 60 } ? id[..60] + "…" : id)}'."
        )
        {
            Code = "request_not_found",
            Param = "request_id",
        };

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
