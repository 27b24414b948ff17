using System.Collections.Concurrent;
using Dragoman.Canonical;

namespace Dragoman.Access;

/// <summary>
/// Every key in memory, found by the hash of its secret without a lock, a database or an allocation. A change counts from the moment
/// it is made here; exchanges that hang on a secret that counts no longer are ended.
/// </summary>
internal sealed class KeyBook
{
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<string, KeyEntry> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<KeyHash, KeyTicket> _bySecret = new();
    private readonly TimeProvider _time;

    public KeyBook(TimeProvider time) => _time = time;

    public bool IsEmpty => _byId.IsEmpty;

    /// <summary>In no order.</summary>
    public IEnumerable<KeyEntry> Entries => _byId.Values;

    /// <summary>The key of an id; null where there is none.</summary>
    public KeyEntry? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Whose secret that is; null where it is nobody's. Whether it counts is asked of the ticket.</summary>
    public KeyTicket? Find(in KeyHash secret) => _bySecret.GetValueOrDefault(secret);

    /// <summary>True while some key in force, other than <paramref name="but"/>, may administer the server.</summary>
    public bool HasAdmin(string? but = null)
    {
        var now = _time.GetUtcNow();
        foreach (var entry in _byId.Values)
            if (entry.Key is { Role: Role.Admin } key && key.Id != but && key.WhyNot(now) is null)
                return true;
        return false;
    }

    /// <summary>Adds a key, or puts its next version in its place.</summary>
    public KeyEntry Put(VirtualKey key, DateTimeOffset? lastUsed = null)
    {
        var now = _time.GetUtcNow();
        lock (_changing)
        {
            if (_byId.TryGetValue(key.Id, out var entry))
            {
                var before = entry.Key;
                entry.Key = key;
                Forget(before.Hash, key);
                if (before.FormerHash is { } former)
                    Forget(former, key);
            }
            else
            {
                entry = new KeyEntry(key);
                entry.WasUsed(lastUsed);
            }
            Bind(key.Hash, entry, until: null, now);
            if (key is { FormerHash: { } old, FormerUntil: { } until } && until > now)
                Bind(old, entry, until, now);
            _byId[key.Id] = entry;
            return entry;
        }
    }

    /// <summary>Takes a key out; false where there is none.</summary>
    public bool Remove(string id)
    {
        lock (_changing)
        {
            if (!_byId.TryRemove(id, out var entry))
                return false;
            var key = entry.Key;
            Drop(key.Hash, key.Deleted());
            if (key.FormerHash is { } former)
                Drop(former, key.Deleted());
            return true;
        }
    }

    /// <summary>Ends what hangs on keys that have expired and on secrets whose grace is over. Called every second: nobody is let in in between.</summary>
    /// <param name="whyNotOwned">Why a key does not count for its owner's sake, which may end.</param>
    public void Sweep(Func<VirtualKey, GatewayError?>? whyNotOwned = null)
    {
        var now = _time.GetUtcNow();
        foreach (var (secret, ticket) in _bySecret)
        {
            if (ticket.Record.Key.WhyNot(now) is { } refusal)
                ticket.Caller.Life!.Cut(refusal);
            else if (ticket.Until <= now)
                lock (_changing)
                    Drop(secret, ticket.Record.Key.Replaced());
            else if (
                ticket.Caller.Life!.IsHeld && whyNotOwned?.Invoke(ticket.Record.Key) is { } owner
            )
                Renew(secret, ticket, owner);
        }
    }

    /// <summary>Ends what hangs on a secret, and leaves the secret: it counts again when the reason is gone.</summary>
    private void Renew(in KeyHash secret, KeyTicket ticket, GatewayError reason)
    {
        lock (_changing)
        {
            if (!ReferenceEquals(_bySecret.GetValueOrDefault(secret), ticket))
                return;
            _bySecret[secret] = ticket with
            {
                Caller = CallerOf(ticket.Record.Key, new Lifeline()),
            };
        }
        ticket.Caller.Life!.Cut(reason);
    }

    private void Bind(in KeyHash secret, KeyEntry entry, DateTimeOffset? until, DateTimeOffset now)
    {
        var key = entry.Key;
        var life = _bySecret.GetValueOrDefault(secret)?.Caller.Life;
        var refusal = key.WhyNot(now);
        if (refusal is null && life is not { End: null })
            life = new Lifeline();
        life ??= new Lifeline();
        // In its new version first: nobody is to find the old one and the cut line after it.
        _bySecret[secret] = new KeyTicket(entry, CallerOf(key, life), until);
        if (refusal is not null)
            life.Cut(refusal);
    }

    /// <summary>Drops a secret that a key's next version has no more.</summary>
    private void Forget(in KeyHash secret, VirtualKey next)
    {
        if (!secret.Equals(next.Hash) && next.FormerHash?.Equals(secret) is not true)
            Drop(secret, next.WhyNot(_time.GetUtcNow()) ?? next.Replaced());
    }

    private void Drop(in KeyHash secret, GatewayError reason)
    {
        if (_bySecret.TryRemove(secret, out var ticket))
            ticket.Caller.Life!.Cut(reason);
    }

    private static Caller CallerOf(VirtualKey key, Lifeline life) =>
        new()
        {
            Id = key.Id,
            Name = key.Name,
            Role = key.Role,
            User = key.User,
            Teams = key.Team is { } team ? [team] : [],
            Workspace = key.Workspace,
            Tier = key.Tier,
            Tags = key.Tags,
            Key = key,
            Life = life,
        };
}
