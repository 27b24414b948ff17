namespace Dragoman.Conversations;

/// <summary>Keeps the newest answers in memory: for use in-process and for tests.</summary>
public sealed class InMemoryResponseStore(ResponseStoreOptions options, TimeProvider time)
    : IResponseStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<
        (string? Caller, string Id),
        LinkedListNode<StoredResponse>
    > _found = [];
    private readonly LinkedList<StoredResponse> _oldestFirst = [];
    private long _bytes;

    public void Put(StoredResponse response)
    {
        if (response.Bytes > options.LargestBytes)
            return;
        lock (_gate)
        {
            Forget((response.Caller, response.Id));
            _found[(response.Caller, response.Id)] = _oldestFirst.AddLast(response);
            _bytes += response.Bytes;
            var oldest = time.GetUtcNow() - options.Retention;
            while (
                _oldestFirst.First is { Value: var first }
                && (
                    _oldestFirst.Count > options.Capacity
                    || _bytes > options.MemoryBytes
                    || first.CreatedAt < oldest
                )
            )
                Forget((first.Caller, first.Id));
        }
    }

    public ValueTask<StoredResponse?> FindAsync(
        string? caller,
        string id,
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
        {
            var found = _found.TryGetValue((caller, id), out var node) ? node.Value : null;
            return new(found?.CreatedAt < time.GetUtcNow() - options.Retention ? null : found);
        }
    }

    public ValueTask<bool> DeleteAsync(
        string? caller,
        string id,
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
            return new(Forget((caller, id)));
    }

    private bool Forget((string? Caller, string Id) key)
    {
        if (!_found.Remove(key, out var node))
            return false;
        _oldestFirst.Remove(node);
        _bytes -= node.Value.Bytes;
        return true;
    }
}
