namespace Dragoman.Usage;

/// <summary>A ledger that shows each record, as it is handed over, to those who count and trace.</summary>
internal sealed class ObservedLedger(IUsageLedger inner) : IUsageLedger
{
    private Action<UsageRecord>[] _observers = [];

    public int QueueDepth => inner.QueueDepth;

    /// <summary>Shows every record from now on to <paramref name="observer"/>, on the thread of its exchange.</summary>
    public void Watch(Action<UsageRecord> observer) => _observers = [.. _observers, observer];

    public ValueTask AppendAsync(UsageRecord record)
    {
        foreach (var observe in _observers)
            observe(record);
        return inner.AppendAsync(record);
    }

    public Task FlushAsync(CancellationToken cancellationToken = default) =>
        inner.FlushAsync(cancellationToken);
}
