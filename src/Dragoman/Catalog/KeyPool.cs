using System.Collections.Concurrent;
using Dragoman.Canonical;

namespace Dragoman.Catalog;

/// <summary>
/// The keys of one provider account, taken in turn. A key that the provider refused rests for ten minutes; a key that may not
/// use one model rests for that model only. Thread-safe; one state for all exchanges.
/// </summary>
public sealed class KeyPool
{
    /// <summary>How long a refused key rests.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private const int MaxModelMarks = 1024;

    private readonly PooledKey[] _keys;
    private uint _turn;

    public KeyPool(IEnumerable<SecretText> keys) =>
        _keys = keys.Select(static (key, index) => new PooledKey(key, index)).ToArray();

    /// <summary>An account that asks for no key.</summary>
    public static KeyPool None() => new([]);

    public int Count => _keys.Length;

    /// <summary>True where no credential is to be sent.</summary>
    public bool IsEmpty => _keys.Length == 0;

    /// <summary>Could <see cref="Take"/> give a key? Asking takes no key's turn.</summary>
    public bool HasUsable(string model, DateTimeOffset now)
    {
        foreach (var key in _keys)
        {
            if (key.IsUsable(model, now))
                return true;
        }
        return false;
    }

    /// <summary>The next usable key for <paramref name="model"/>, or null where all rest. Not to be asked of an empty pool.</summary>
    /// <param name="model">The model.</param>
    /// <param name="now">The time.</param>
    /// <param name="preferred">The place of the key to take if it is usable: its account holds the conversation in its cache.</param>
    public PooledKey? Take(string model, DateTimeOffset now, int? preferred = null)
    {
        if (
            preferred is { } index
            && (uint)index < (uint)_keys.Length
            && _keys[index].IsUsable(model, now)
        )
            return _keys[index];
        if (_keys.Length == 1)
            return _keys[0].IsUsable(model, now) ? _keys[0] : null;
        var start = Interlocked.Increment(ref _turn);
        for (uint i = 0; i < _keys.Length; i++)
        {
            var key = _keys[(start + i) % (uint)_keys.Length];
            if (key.IsUsable(model, now))
                return key;
        }
        return null;
    }

    /// <summary>Keeps what is known about keys that are also in this pool: used on reload, so that a changed key starts fresh.</summary>
    public void Inherit(KeyPool former)
    {
        foreach (var key in _keys)
        foreach (var old in former._keys)
            if (key.Secret.Equals(old.Secret))
                key.Inherit(old);
    }

    /// <summary>The same keys in the same order.</summary>
    public bool IsLike(KeyPool other) =>
        _keys
            .Select(static key => key.Secret)
            .SequenceEqual(other._keys.Select(static key => key.Secret));

    /// <summary>The keys, in their order.</summary>
    public IReadOnlyList<PooledKey> All => _keys;

    /// <summary>One key and what is known about it.</summary>
    public sealed class PooledKey(SecretText secret, int index)
    {
        private readonly ConcurrentDictionary<string, long> _modelRests = new(
            StringComparer.Ordinal
        );
        private long _restsUntil;

        public SecretText Secret { get; } = secret;

        /// <summary>The <c>Authorization</c> value, made once.</summary>
        public string Bearer { get; } = "Bearer " + secret.Reveal();

        /// <summary>The key itself, for headers that hold it bare.</summary>
        public string Bare { get; } = secret.Reveal();

        /// <summary>Its place in the pool: what records and logs may name.</summary>
        public int Index { get; } = index;

        public bool IsUsable(string model, DateTimeOffset now) =>
            Volatile.Read(ref _restsUntil) <= now.UtcTicks
            && (
                _modelRests.IsEmpty
                || !_modelRests.TryGetValue(model, out var until)
                || until <= now.UtcTicks
            );

        /// <summary>The provider refused this key, and it rests for that.</summary>
        public bool IsRefused(DateTimeOffset now) => Volatile.Read(ref _restsUntil) > now.UtcTicks;

        /// <summary>The provider refused this key.</summary>
        public void MarkRefused(DateTimeOffset now) =>
            Volatile.Write(ref _restsUntil, (now + Rest).UtcTicks);

        /// <summary>The provider refused this key for one model.</summary>
        public void MarkRefused(string model, DateTimeOffset now)
        {
            if (_modelRests.Count >= MaxModelMarks)
                _modelRests.Clear();
            _modelRests[model] = (now + Rest).UtcTicks;
        }

        internal void Inherit(PooledKey old)
        {
            Volatile.Write(ref _restsUntil, Volatile.Read(ref old._restsUntil));
            foreach (var (model, until) in old._modelRests)
                _modelRests[model] = until;
        }

        public override string ToString() => $"key {Index + 1}";
    }
}
