using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>The simulated provider that <c>--demo</c> adds.</summary>
/// <param name="BaseUrl">Where the simulator listens, with its path.</param>
/// <param name="Models">Ids of the simulated models.</param>
public sealed record DemoProvider(Uri BaseUrl, IReadOnlyList<string> Models)
{
    public const string Name = "demo";

    /// <summary>Made-up prices, so that costs can be seen working.</summary>
    internal static PriceSheet Prices(string model) =>
        model == "sage"
            ? new PriceSheet
            {
                Input = 5,
                Output = 25,
                CacheRead = 0.5m,
            }
        : model == "embed" ? new PriceSheet { Input = 0.02m, Output = 0 }
        : new PriceSheet
        {
            Input = 0.15m,
            Output = 0.6m,
            CacheRead = 0.015m,
        };

    internal static ModelCapabilities Capabilities(string model) =>
        model == "embed"
            ? new ModelCapabilities { Embeddings = true }
            : new ModelCapabilities
            {
                Tools = true,
                StructuredOutput = true,
                Reasoning = model == "sage",
                Embeddings = false,
            };
}
