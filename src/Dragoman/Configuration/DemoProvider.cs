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

    /// <summary>
    /// Made-up qualities, so that choosing by task can be seen working: <c>swift</c> is weak, <c>sage</c> strong, <c>coder</c> good at
    /// code alone. Null for models that do not chat and for those that only misbehave.
    /// </summary>
    internal static QualityPrior? Quality(string model) =>
        model switch
        {
            "swift" => Stated(45, code: 38),
            "sage" => Stated(82, code: 80),
            "coder" => Stated(46, code: 78),
            _ => null,
        };

    /// <summary>Made-up speeds in the same spirit.</summary>
    internal static StartingLatency? Latency(string model) =>
        model switch
        {
            "swift" => Timed(0.05, 400),
            "coder" => Timed(0.2, 150),
            "sage" => Timed(0.8, 60),
            _ => null,
        };

    private static QualityPrior Stated(double overall, double code) =>
        new(
            overall,
            standardError: 2,
            QualityBasis.Stated,
            [new TaskQuality(code, StandardError: 2, IsMeasured: false)]
        );

    private static StartingLatency Timed(double firstTokenSeconds, double tokensPerSecond) =>
        new()
        {
            TimeToFirstToken = TimeSpan.FromSeconds(firstTokenSeconds),
            TokensPerSecond = tokensPerSecond,
            IsOfThisProvider = true,
        };
}
