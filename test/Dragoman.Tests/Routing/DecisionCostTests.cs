using Dragoman.Exchanges;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

/// <summary>What decisions cost: shared ones nothing, others little, however many models there are.</summary>
[Collection(nameof(Allocations.AllocationTests))]
public sealed class DecisionCostTests(ITestOutputHelper output)
{
    /// <summary>Every vendor of the catalog: some seven hundred models that can be called.</summary>
    private const string House = """
        providers:
          openai: { api_keys: [k] }
          anthropic: { api_keys: [k] }
          google: { api_keys: [k] }
          mistral: { api_keys: [k] }
          xai: { api_keys: [k] }
          deepseek: { api_keys: [k] }
          groq: { api_keys: [k] }
          together: { api_keys: [k] }
          qwen: { api_keys: [k] }
          openrouter: { api_keys: [k] }
          cohere: { api_keys: [k] }
          fireworks: { api_keys: [k] }
          perplexity: { api_keys: [k] }
        routes: { pair: { strategy: cost_optimized, models: [openai/gpt-4o, mistral/mistral-large-latest] } }
        """;

    private static readonly NameResolver Names = NameResolverTests.Resolver(House);

    [Fact]
    public void Resolve_APinnedModelWithComputedFallbacks_IsDecidedOnceAndAllocatesNothing()
    {
        var exchange = Asked.Exchange("openai/gpt-4o", new Wishes { ComputesFallback = true });
        var first = Names.Resolve(exchange).Decision;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Names.Resolve(exchange);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBeLessThan(1_000);
        Names.Resolve(exchange).Decision.ShouldBeSameAs(first);
        first!.Chain.Count.ShouldBeGreaterThan(5);
        first.Pinned.ShouldBeTrue();
    }

    [Theory]
    [InlineData("auto", false)]
    [InlineData("auto:cost_optimized", false)]
    [InlineData("auto", true)]
    [InlineData("openai/gpt-4o", true)]
    [InlineData("pair", false)]
    public void Resolve_WhatIsDecidedForEachRequest_LooksAtAFew(string name, bool isLimited)
    {
#if DEBUG
        Assert.Skip("needs a Release build");
#endif
        var exchange = Asked.Exchange(
            name,
            isLimited ? new Wishes { MaxCostUsd = 0.002m, ComputesFallback = true } : null
        );
        for (var i = 0; i < 3_000; i++)
            Names.Resolve(exchange).Decision.ShouldNotBeNull();

        const int Rounds = 1_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var busy = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Rounds; i++)
            Names.Resolve(exchange);
        var took = (Environment.CpuUsage.TotalTime - busy).TotalMicroseconds / Rounds;
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;

        output.WriteLine($"{name} {isLimited}: {took:0.0} µs of processor time, {allocated} bytes");
        // Bytes repeat exactly, times do not: a walk over all models would take hundreds of kilobytes.
        allocated.ShouldBeLessThan(30_000);
    }
}
