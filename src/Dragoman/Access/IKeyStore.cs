namespace Dragoman.Access;

/// <summary>Where keys are kept. It is read once, at the start; nothing on the way of a request asks it.</summary>
internal interface IKeyStore
{
    /// <summary>Every key, and when it was used last.</summary>
    ValueTask<IReadOnlyList<KeptKey>> ReadAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Keeps a new key; false where its id or secret is there already.</summary>
    ValueTask<bool> AddAsync(VirtualKey key, CancellationToken cancellationToken = default);

    /// <summary>Puts the next version of a key in the place of the one before; false where that is not what is kept.</summary>
    ValueTask<bool> ReplaceAsync(VirtualKey key, CancellationToken cancellationToken = default);

    /// <summary>Takes a key out; false where there is none.</summary>
    ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Notes when keys were used last; a key that is gone is passed over.</summary>
    ValueTask NoteUsesAsync(
        IReadOnlyList<(string Id, DateTimeOffset At)> uses,
        CancellationToken cancellationToken = default
    );
}

/// <summary>A key as it is kept.</summary>
internal sealed record KeptKey(VirtualKey Key, DateTimeOffset? LastUsedAt);
