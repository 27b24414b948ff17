using System.Collections.Concurrent;
using Dragoman.Catalog;

namespace Dragoman.Routing.Decisions;

/// <summary>Providers of which nothing but the name is left: those of decisions read back from their records. They cannot be called.</summary>
internal static class RememberedProviders
{
    private static readonly ConcurrentDictionary<string, Provider> Known = new(
        StringComparer.Ordinal
    );

    private static readonly ProviderType Type = new() { Name = "remembered", Dialect = "openai" };

    public static Provider Of(string name) =>
        Known.GetOrAdd(
            name,
            static name => new Provider
            {
                Name = name,
                Type = Type,
                Dialect = Type.Dialect,
                BaseUrl = new Uri("about:blank"),
                Keys = KeyPool.None(),
            }
        );
}
