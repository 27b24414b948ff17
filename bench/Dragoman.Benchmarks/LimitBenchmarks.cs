using BenchmarkDotNet.Attributes;
using Dragoman.Forwarding;
using Dragoman.TestKit;

namespace Dragoman.Benchmarks;

/// <summary>What rate limits cost a request: ours, and reading what a provider says of its own.</summary>
[MemoryDiagnoser]
public class LimitBenchmarks : IDisposable
{
    private readonly LimitWay _way = new();
    private readonly HttpResponseMessage _silent = Response();
    private readonly HttpResponseMessage _telling = Response(
        ("x-ratelimit-limit-requests", "10000"),
        ("x-ratelimit-remaining-requests", "9999"),
        ("x-ratelimit-reset-requests", "6ms"),
        ("x-ratelimit-limit-tokens", "30000000"),
        ("x-ratelimit-remaining-tokens", "29999980"),
        ("x-ratelimit-reset-tokens", "0s")
    );

    [Benchmark]
    public void NoLimit() => _way.PassUnlimited();

    [Benchmark]
    public void ThreeLimitsOfTheCaller() => _way.PassLimited();

    [Benchmark]
    public void TwoLimitsOfAnAttempt() => _way.PassAttempt();

    [Benchmark]
    public bool ReadAllowanceOfNone() =>
        AllowanceHeaders.Read(_silent.Headers, DateTimeOffset.UnixEpoch) is null;

    [Benchmark]
    public double ReadAllowance() =>
        AllowanceHeaders.Read(_telling.Headers, DateTimeOffset.UnixEpoch)!.Value.Left;

    [GlobalCleanup]
    public void Dispose()
    {
        _silent.Dispose();
        _telling.Dispose();
    }

    private static HttpResponseMessage Response(params (string Name, string Value)[] limits)
    {
        var response = new HttpResponseMessage();
        string[] usual =
        [
            "date",
            "server",
            "x-request-id",
            "openai-processing-ms",
            "openai-version",
            "cf-ray",
            "cf-cache-status",
            "strict-transport-security",
            "x-content-type-options",
            "alt-svc",
        ];
        foreach (var name in usual)
            response.Headers.TryAddWithoutValidation(name, "a value");
        foreach (var (name, value) in limits)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
