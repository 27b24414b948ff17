using BenchmarkDotNet.Attributes;
using Dragoman.TestKit;

namespace Dragoman.Benchmarks;

/// <summary>The stations of a request's way over memory alone.</summary>
[MemoryDiagnoser]
public class RequestWayBenchmarks : IDisposable
{
    private readonly RequestWay _way = new();

    [Benchmark]
    public void PeekEnvelope() => _way.PeekEnvelope();

    [Benchmark]
    public void SpliceBody() => _way.SpliceBody();

    [Benchmark]
    public void TapReply() => _way.TapReply();

    [Benchmark]
    public void RelayChunk() => _way.RelayChunk();

    [Benchmark]
    public void ForwardPlain() => _way.ForwardPlain();

    [Benchmark]
    public void ForwardStreamOf64() => _way.ForwardStream();

    [GlobalCleanup]
    public void Dispose() => _way.Dispose();
}
