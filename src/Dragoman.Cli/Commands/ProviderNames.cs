using Dragoman.Catalog;

namespace Dragoman.Cli.Commands;

/// <summary>Known kinds of providers, for completion.</summary>
internal static class ProviderNames
{
    public static IEnumerable<string> All =>
        ProviderTypes.Default.All.Select(static type => type.Name).Order(StringComparer.Ordinal);
}
