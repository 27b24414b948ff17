using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Usage;

/// <summary>Lets whoever asks right after an answer find its record: the ledger stores in groups, some hundredths of a second later.</summary>
internal static class LatestRecords
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>What was asked longer ago has ended, or its record will be long in coming.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(30);

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
        if (await store.FindAsync(id, cancellationToken) is { } stored)
            return stored;
        // A client may have read an answer's last byte before its exchange has ended and been appended.
        var waited = TimeSpan.Zero;
        while (
            waited < Patience
            && DateTimeOffset.UtcNow - RequestIds.TimeOf(id) is var age
            && age > -Recently
            && age < Recently
        )
        {
            await Task.Delay(Step, cancellationToken);
            waited += Step;
            await StoredAsync(ledger, cancellationToken);
            if (await store.FindAsync(id, cancellationToken) is { } late)
                return late;
        }
        return null;
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
