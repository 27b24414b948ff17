using System.Collections.Frozen;

namespace Dragoman.Exchanges;

/// <summary>The snapshot as a step sees it: each slice takes its own part, by type.</summary>
public sealed class SnapshotParts(params ReadOnlySpan<object> parts)
{
    private readonly FrozenDictionary<Type, object> _parts = parts
        .ToArray()
        .ToFrozenDictionary(static part => part.GetType());

    /// <summary>The part of type <typeparamref name="T"/>; null where there is none, as in a gateway without that slice.</summary>
    public T? Find<T>()
        where T : class => (T?)_parts.GetValueOrDefault(typeof(T));

    /// <summary>The part of type <typeparamref name="T"/>; asking for one that was never put in is our own mistake.</summary>
    public T Get<T>()
        where T : class => (T)_parts[typeof(T)];
}
