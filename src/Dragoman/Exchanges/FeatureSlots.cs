using System.Runtime.CompilerServices;

namespace Dragoman.Exchanges;

/// <summary>What steps hang on an exchange, found by type. The first eight need no memory of their own.</summary>
internal struct FeatureSlots
{
    private FirstSlots _first;
    private int _used;
    private List<object>? _rest;

    public readonly T? Get<T>()
        where T : class
    {
        for (var i = 0; i < _used; i++)
            if (_first[i] is T found)
                return found;
        if (_rest is not null)
            foreach (var feature in _rest)
                if (feature is T found)
                    return found;
        return null;
    }

    /// <summary>Hangs it on; one of the same type is replaced.</summary>
    public void Set<T>(T feature)
        where T : class
    {
        for (var i = 0; i < _used; i++)
        {
            if (_first[i] is not T)
                continue;
            _first[i] = feature;
            return;
        }
        if (_used < FirstSlots.Count)
        {
            _first[_used++] = feature;
            return;
        }
        _rest ??= [];
        _rest.RemoveAll(static old => old is T);
        _rest.Add(feature);
    }

    [InlineArray(Count)]
    private struct FirstSlots
    {
        public const int Count = 8;
        private object? _slot;
    }
}
