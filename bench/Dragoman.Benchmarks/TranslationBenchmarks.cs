using BenchmarkDotNet.Attributes;
using Dragoman.TestKit;

namespace Dragoman.Benchmarks;

/// <summary>One text delta of a stream, from a provider of each dialect to a client of each: what translating costs beside relaying.</summary>
[MemoryDiagnoser]
public class TranslationBenchmarks
{
    private TranslationWay _way = null!;

    public static IEnumerable<string> Ways =>
        TranslationWay.Pairs.Select(static pair => $"{pair.Provider} to {pair.Client}");

    [ParamsSource(nameof(Ways))]
    public string Way { get; set; } = "";

    [GlobalSetup]
    public void Begin() =>
        _way = Way.Split(" to ") is [var provider, var client]
            ? new TranslationWay(provider, client)
            : throw new InvalidOperationException(Way);

    [Benchmark]
    public void RelayDelta() => _way.RelayDelta();

    [GlobalCleanup]
    public void End() => _way.Dispose();
}
