using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Providers;

/// <summary>One request to a provider.</summary>
internal readonly record struct UpstreamCall
{
    public required Deployment Deployment { get; init; }

    /// <summary>Null where the provider asks for no key.</summary>
    public KeyPool.PooledKey? Key { get; init; }
    public required Operation Operation { get; init; }

    /// <summary>The body, in pieces.</summary>
    public required ReadOnlyMemory<byte>[] Body { get; init; }

    /// <summary>The client's headers that may go upstream.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Other instances this request already passed, and so may not come back to.</summary>
    public required TimeSpan ConnectTimeout { get; init; }
}
