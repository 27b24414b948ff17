using BenchmarkDotNet.Attributes;
using Dragoman.TestKit;

namespace Dragoman.Benchmarks;

/// <summary>The check of a request's key among ten thousand: hash, find, compare, and whether it counts.</summary>
[MemoryDiagnoser]
public class KeyBenchmarks
{
    private readonly KeyWay _way = new();

    [Benchmark]
    public void CheckOneOf10000() => _way.Check();

    [Benchmark]
    public void CheckOneThatIsNobodys() => _way.CheckWrong();
}
