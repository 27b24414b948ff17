using Dragoman.Usage;

namespace Dragoman.Server.Hosting;

/// <summary>A ledger that shows each record, as it is handed over, to those who count and trace.</summary>
internal sealed class ObservedLedger(IUsageLedger inner, params Action<UsageRecord>[] observers)
    : IUsageLedger
{
    public int QueueDepth => inner.QueueDepth;

    public ValueTask AppendAsync(UsageRecord record)
    {
        foreach (var observe in observers)
            observe(record);
        return inner.AppendAsync(record);
    }

    public Task FlushAsync(CancellationToken cancellationToken = default) =>
        inner.FlushAsync(cancellationToken);
}
