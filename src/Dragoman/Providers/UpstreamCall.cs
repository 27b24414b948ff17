using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Providers;

/// <summary>One request to a provider.</summary>
internal readonly record struct UpstreamCall
{
    public required Deployment Deployment { get; init; }

    /// <summary>Null where the provider asks for no key.</summary>
    public KeyPool.PooledKey? Key { get; init; }
    public required Operation Operation { get; init; }

    /// <summary>The dialect that is spoken, and how this provider speaks it.</summary>
    public required IDialect Dialect { get; init; }
    public required SpokenDialect Spoken { get; init; }
    public required bool Stream { get; init; }

    public required SplicedContent Content { get; init; }

    /// <summary>The client's headers that may go upstream.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }
}
