using System.Text.Json;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Allocations;

/// <summary>
/// The stations of a request's way allocate no more than <c>bench/allocations.json</c> allows. Bytes repeat exactly where times
/// do not; a change that needs more raises the limit where everybody sees it.
/// </summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    private const int Operations = 500;

    public static TheoryData<string, int> Limits
    {
        get
        {
            using var file = JsonDocument.Parse(
                File.ReadAllText(SolutionFolder.Of("bench/allocations.json"))
            );
            var limits = new TheoryData<string, int>();
            foreach (var limit in file.RootElement.EnumerateObject())
                limits.Add(limit.Name, limit.Value.GetInt32());
            return limits;
        }
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Station_PerOperation_AllocatesNoMoreThanListed(string station, int limit)
    {
#if DEBUG
        Assert.Skip("needs a Release build: in Debug every async method allocates");
#endif
        using var way = new RequestWay();
        var operation = way.Stations[station];
        Run(operation);

        // The least of several rounds: pools that grow and tiers that are compiled meanwhile count once, not per operation.
        var least = Enumerable.Range(0, 5).Min(_ => Run(operation));

        (least / Operations).ShouldBeLessThanOrEqualTo(limit);
    }

    public static TheoryData<string, string> Translations
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (provider, client) in TranslationWay.Pairs)
                pairs.Add(provider, client);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void Translate_ATextDelta_AllocatesNothing(string provider, string client)
    {
#if DEBUG
        Assert.Skip("needs a Release build: in Debug every async method allocates");
#endif
        using var way = new TranslationWay(provider, client);
        Run(way.RelayDelta);

        var least = Enumerable.Range(0, 5).Min(_ => Run(way.RelayDelta));

        (least / Operations).ShouldBe(0);
    }

    [Fact]
    public void Stations_All_HaveALimit()
    {
        using var way = new RequestWay();

        way.Stations.Keys.Order().ShouldBe(Limits.Select(row => row.Data.Item1).Order());
    }

    private static long Run(Action operation)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Operations; i++)
            operation();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
