using Dragoman.Exchanges;
using Dragoman.Usage;

namespace Dragoman.Server.Hosting;

/// <summary>A usage store that remembers whether its last write failed, for <c>/health/ready</c>.</summary>
internal sealed class WatchedStore(IUsageStore inner) : IUsageStore
{
    private volatile bool _fails;

    /// <summary>The reason not to be ready; null while records are stored.</summary>
    public string? Trouble =>
        _fails ? "the usage store fails: records are kept in memory until it works again" : null;

    public void Write(ReadOnlySpan<UsageRecord> records)
    {
        try
        {
            inner.Write(records);
            _fails = false;
        }
        catch
        {
            _fails = true;
            throw;
        }
    }

    public ValueTask<UsageRecord?> FindAsync(
        RequestId id,
        CancellationToken cancellationToken = default
    ) => inner.FindAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<UsageRecord>> ListAsync(
        UsageQuery query,
        CancellationToken cancellationToken = default
    ) => inner.ListAsync(query, cancellationToken);
}
