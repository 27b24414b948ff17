using Dragoman.Canonical;

namespace Dragoman.Access;

/// <summary>
/// Where keys are made and changed, one change at a time: in the store and in the book. When a change is answered, it counts. A
/// revocation counts before it is stored, and also where it cannot be.
/// </summary>
/// <param name="book">The keys that count.</param>
/// <param name="store">Where they are kept.</param>
/// <param name="time">Tells the time.</param>
/// <param name="hasOtherDoor">Somebody could administer the server without any key that is kept here.</param>
/// <param name="whyNotOwned">Why somebody may not give a key, as it is and as it would be, its owners; null where nobody knows of any.</param>
internal sealed class KeyDesk(
    KeyBook book,
    IKeyStore store,
    TimeProvider time,
    Func<bool> hasOtherDoor,
    Func<Caller?, VirtualKey?, VirtualKey, GatewayError?>? whyNotOwned = null
) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private long _lastMade;

    public KeyBook Book => book;

    /// <summary>Takes what is kept into the book.</summary>
    public async ValueTask LoadAsync(CancellationToken cancellationToken = default)
    {
        foreach (var (key, used) in await store.ReadAllAsync(cancellationToken))
            book.Put(key, used);
    }

    /// <summary>Makes a key. Its secret is in the answer and nowhere else.</summary>
    /// <param name="who">Who makes it; null where no key is needed yet.</param>
    /// <param name="like">What it is to be; id, secret and times are given here.</param>
    /// <param name="cancellationToken">Gives it up before it is done.</param>
    public Task<KeyChange> MakeAsync(
        Caller? who,
        VirtualKey like,
        CancellationToken cancellationToken = default
    ) =>
        InTurnAsync(
            who,
            async () =>
            {
                if (book.IsEmpty && !hasOtherDoor() && like.Role != Role.Admin)
                    return KeyChange.Refused(
                        new GatewayError(
                            GatewayErrorKind.InvalidRequest,
                            "The first key must have the role admin: from then on every call needs a key, and with this one nobody could make another."
                        )
                        {
                            Code = "first_key_must_be_admin",
                            Param = "role",
                        }
                    );
                if (
                    (Reach.WhyNotGive(who, like) ?? whyNotOwned?.Invoke(who, null, like)) is
                    { } denied
                )
                    return KeyChange.Refused(denied);
                var (secret, now) = (KeySecret.Make(), Now());
                var key = like with
                {
                    Id = KeyId.Make(_lastMade = Math.Max(_lastMade + 1, Microseconds(now))),
                    Hash = KeyHash.Of(secret),
                    LastFour = secret[^KeySecret.ShownLength..],
                    CreatedAt = now,
                    UpdatedAt = now,
                    CreatedBy = who?.Id,
                };
                // Another process would have had to make one in the same microsecond, and to draw the same letters.
                if (!await store.AddAsync(key, cancellationToken))
                    throw new InvalidOperationException("A new key's id or secret was there.");
                book.Put(key);
                return new KeyChange(null, key) { Secret = new SecretText(secret) };
            },
            cancellationToken
        );

    /// <summary>Puts other values in a key.</summary>
    /// <param name="who">Who changes it.</param>
    /// <param name="id">Which.</param>
    /// <param name="version">The version that was changed; null is whichever it has.</param>
    /// <param name="change">Gives it its new values.</param>
    /// <param name="cancellationToken">Gives it up before it is done.</param>
    public Task<KeyChange> ChangeAsync(
        Caller? who,
        string id,
        int? version,
        Func<VirtualKey, VirtualKey> change,
        CancellationToken cancellationToken = default
    ) =>
        InTurnAsync(
            who,
            async () =>
            {
                if (Seen(who, id) is not { } key)
                    return KeyChange.NoSuchKey(id);
                if (version is not null && version != key.Version)
                    return KeyChange.Refused(Stale(id));
                return await PutAsync(who, key, change(key), cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Gives a key another secret; the old one counts for <paramref name="grace"/> still.</summary>
    public Task<KeyChange> RotateAsync(
        Caller? who,
        string id,
        TimeSpan grace,
        CancellationToken cancellationToken = default
    ) =>
        InTurnAsync(
            who,
            async () =>
            {
                if (Seen(who, id) is not { } key)
                    return KeyChange.NoSuchKey(id);
                if (key.RevokedAt is not null)
                    return KeyChange.Refused(
                        Conflict("key_revoked", "A revoked key cannot be rotated: make another.")
                    );
                var secret = KeySecret.Make();
                var change = await PutAsync(
                    who,
                    key,
                    key with
                    {
                        Hash = KeyHash.Of(secret),
                        LastFour = secret[^KeySecret.ShownLength..],
                        FormerHash = grace > TimeSpan.Zero ? key.Hash : null,
                        FormerUntil = grace > TimeSpan.Zero ? Now() + grace : null,
                    },
                    cancellationToken
                );
                return change.Error is null
                    ? change with
                    {
                        Secret = new SecretText(secret),
                    }
                    : change;
            },
            cancellationToken
        );

    /// <summary>Ends a key for ever: it stays to be seen, and whoever sends it is told.</summary>
    public Task<KeyChange> RevokeAsync(
        Caller? who,
        string id,
        CancellationToken cancellationToken = default
    ) =>
        InTurnAsync(
            who,
            async () =>
            {
                if (Seen(who, id) is not { } key)
                    return KeyChange.NoSuchKey(id);
                if (key.RevokedAt is not null)
                {
                    // It may be that this could not be stored the first time.
                    await store.ReplaceAsync(key, CancellationToken.None);
                    return new KeyChange(key, key);
                }
                if (WhyNotRevoke(who, key) is { } denied)
                    return KeyChange.Refused(denied);
                var now = Now();
                var revoked = key with
                {
                    RevokedAt = now,
                    UpdatedAt = now,
                    Version = key.Version + 1,
                };
                book.Put(revoked);
                if (!await store.ReplaceAsync(revoked, CancellationToken.None))
                    throw new InvalidOperationException(
                        "Another process changed a key that was revoked here."
                    );
                return new KeyChange(key, revoked);
            },
            cancellationToken
        );

    /// <summary>Takes a key out: nothing of it is left but its id in usage records.</summary>
    public Task<KeyChange> RemoveAsync(
        Caller? who,
        string id,
        CancellationToken cancellationToken = default
    ) =>
        InTurnAsync(
            who,
            async () =>
            {
                if (Seen(who, id) is not { } key)
                    return KeyChange.NoSuchKey(id);
                if (WhyNotRevoke(who, key) is { } denied)
                    return KeyChange.Refused(denied);
                await store.RemoveAsync(id, CancellationToken.None);
                book.Remove(id);
                return new KeyChange(key, null);
            },
            cancellationToken
        );

    /// <summary>Writes down when keys were used last, where that is not written yet.</summary>
    public async ValueTask WriteUsesAsync(CancellationToken cancellationToken = default)
    {
        List<KeyEntry>? used = null;
        foreach (var entry in book.Entries)
            if (entry.TakeUnwritten())
                (used ??= []).Add(entry);
        if (used is null)
            return;
        try
        {
            await store.NoteUsesAsync(
                [.. used.Select(static entry => (entry.Key.Id, entry.LastUsedAt!.Value))],
                cancellationToken
            );
        }
        catch
        {
            foreach (var entry in used)
                entry.PutBack();
            throw;
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<KeyChange> PutAsync(
        Caller? who,
        VirtualKey before,
        VirtualKey after,
        CancellationToken cancellationToken
    )
    {
        var now = Now();
        after = after with { UpdatedAt = now, Version = before.Version + 1 };
        if (after.FormerUntil <= now)
            after = after with { FormerHash = null, FormerUntil = null };
        if (
            (
                Reach.WhyNotGive(who, before)
                ?? Reach.WhyNotGive(who, after)
                ?? whyNotOwned?.Invoke(who, before, after)
            ) is
            { } denied
        )
            return KeyChange.Refused(denied);
        if ((after.Role != Role.Admin || after.WhyNot(now) is not null) && IsLastAdmin(before))
            return KeyChange.Refused(LastAdmin());
        if (!await store.ReplaceAsync(after, cancellationToken))
            return KeyChange.Refused(Stale(before.Id));
        book.Put(after);
        return new KeyChange(before, after);
    }

    /// <summary>A key may be given up with itself, whatever else it is bound to.</summary>
    private GatewayError? WhyNotRevoke(Caller? who, VirtualKey key) =>
        IsLastAdmin(key) ? LastAdmin()
        : who?.Id == key.Id ? null
        : Reach.WhyNotGive(who, key);

    private bool IsLastAdmin(VirtualKey key) =>
        key.Role == Role.Admin
        && key.WhyNot(time.GetUtcNow()) is null
        && !hasOtherDoor()
        && !book.HasAdmin(but: key.Id);

    private VirtualKey? Seen(Caller? who, string id) =>
        book.Find(id)?.Key is { } key && Reach.Sees(who, key) ? key : null;

    private async Task<KeyChange> InTurnAsync(
        Caller? who,
        Func<Task<KeyChange>> change,
        CancellationToken cancellationToken
    )
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Of two who came while the server was open, one makes the first key and the other needs it.
            return who is null && !book.IsEmpty
                ? KeyChange.Refused(
                    new GatewayError(
                        GatewayErrorKind.Authentication,
                        "There is a key by now: use it."
                    )
                    {
                        Code = "invalid_api_key",
                    }
                )
                : await change();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>As exact as it is kept.</summary>
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static long Microseconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static GatewayError LastAdmin() =>
        Conflict(
            "last_admin_key",
            "This is the last key in force that may administer the server: without it nobody could make another. Make a second one first, or set DRAGOMAN_ADMIN_KEY."
        );

    private static GatewayError Stale(string id) =>
        new(
            GatewayErrorKind.InvalidRequest,
            $"The key '{id}' was changed meanwhile: get it again, and change what it is now."
        )
        {
            StatusOverride = 412,
            Code = "stale",
        };

    private static GatewayError Conflict(string code, string message) =>
        new(GatewayErrorKind.InvalidRequest, message) { StatusOverride = 409, Code = code };
}

/// <summary>What became of a change: the key before and after it, or why there was none.</summary>
/// <param name="Before">Null where it was made.</param>
/// <param name="After">Null where it is no more.</param>
internal sealed record KeyChange(VirtualKey? Before, VirtualKey? After)
{
    /// <summary>The secret, where it is new: the only time it is told.</summary>
    public SecretText? Secret { get; init; }

    /// <summary>Why nothing was changed; null where it was.</summary>
    public GatewayError? Error { get; init; }

    public static KeyChange Refused(GatewayError error) => new(null, null) { Error = error };

    public static KeyChange NoSuchKey(string id) =>
        Refused(
            new GatewayError(
                GatewayErrorKind.NotFound,
                $"There is no key '{(id.Length > 60 ? id[..60] + "…" : id)}'."
            )
            {
                Code = "key_not_found",
                Param = "id",
            }
        );
}
