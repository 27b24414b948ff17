using Dragoman.Access;

namespace Dragoman.TestKit;

/// <summary>A store that counts what it is asked, and can be made to fail.</summary>
internal sealed class CountingKeyStore : IKeyStore
{
    private readonly InMemoryKeyStore _inner = new();
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>From now on nothing can be written.</summary>
    public bool IsBroken { get; set; }

    public ValueTask<IReadOnlyList<KeptKey>> ReadAllAsync(
        CancellationToken cancellationToken = default
    )
    {
        Interlocked.Increment(ref _calls);
        return _inner.ReadAllAsync(cancellationToken);
    }

    public ValueTask<bool> AddAsync(VirtualKey key, CancellationToken cancellationToken = default)
    {
        Write();
        return _inner.AddAsync(key, cancellationToken);
    }

    public ValueTask<bool> ReplaceAsync(
        VirtualKey key,
        CancellationToken cancellationToken = default
    )
    {
        Write();
        return _inner.ReplaceAsync(key, cancellationToken);
    }

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        Write();
        return _inner.RemoveAsync(id, cancellationToken);
    }

    public ValueTask NoteUsesAsync(
        IReadOnlyList<(string Id, DateTimeOffset At)> uses,
        CancellationToken cancellationToken = default
    )
    {
        Write();
        return _inner.NoteUsesAsync(uses, cancellationToken);
    }

    private void Write()
    {
        Interlocked.Increment(ref _calls);
        if (IsBroken)
            throw new IOException("The disk is full.");
    }
}
