namespace Dragoman.Usage;

/// <summary>The append-only sequence of usage records.</summary>
public interface IUsageLedger
{
    /// <summary>
    /// Hands a record over. Completes at once while there is room; where the store cannot keep up, it completes when there is
    /// (back-pressure), so that nothing is lost and memory stays bounded.
    /// </summary>
    ValueTask AppendAsync(UsageRecord record);

    /// <summary>Completes when everything appended so far is stored.</summary>
    Task FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Records handed over and not stored yet.</summary>
    int QueueDepth { get; }
}
