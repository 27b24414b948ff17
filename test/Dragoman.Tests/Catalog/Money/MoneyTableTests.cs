using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.TestKit;
using Dragoman.TestKit.Money;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog.Money;

/// <summary>
/// The golden table of costs: usage as it comes over the wire, read by the dialect's own readers in every way a reply can come, and
/// priced by the catalog; against figures that were worked out by hand.
/// </summary>
public sealed class MoneyTableTests
{
    private static readonly IReadOnlyDictionary<string, MoneyCase> Sums = MoneyCase.Of("sums");

    private static readonly JsonNode Rows = JsonNode.Parse(
        File.ReadAllBytes(SolutionFolder.Of("src/Dragoman/Catalog/models.json"))
    )!["providers"]!;

    public static TheoryData<string> ReplyNames => [.. MoneyCase.Replies.Keys];

    public static TheoryData<string> SumNames => [.. Sums.Keys];

    [Theory]
    [MemberData(nameof(ReplyNames))]
    public void Reply_HoweverItComes_CostsWhatTheHandSays(string name)
    {
        var money = MoneyCase.Replies[name];

        foreach (var (way, usage, tier) in Ways(money))
        {
            var cost = Price(money, usage, tier);
            (cost?.ToNanoUsd()).ShouldBe(money.NanoUsd, $"{way} of {usage}");
            (cost?.Basis ?? CostBasis.Unpriced).ShouldBe(money.Basis, way);
        }
    }

    [Theory]
    [MemberData(nameof(ReplyNames))]
    [MemberData(nameof(SumNames))]
    public void Sum_WorkedOutAgain_IsTheFigureBesideIt(string name)
    {
        var money = MoneyCase.Replies.GetValueOrDefault(name) ?? Sums[name];

        HandSum.NanoUsd(money.Sum).ShouldBe(money.NanoUsd, money.Sum);
        (money.Sum is null).ShouldBe(money.Basis == CostBasis.Unpriced);
    }

    [Theory]
    [MemberData(nameof(ReplyNames))]
    public void Prices_TheSumWasMadeOf_AreStillTheCatalogs(string name)
    {
        var money = MoneyCase.Replies[name];
        var row = Rows[money.Provider]!
            .AsArray()
            .SingleOrDefault(row => row!["id"]!.GetValue<string>() == money.Row);

        switch (money.Prices)
        {
            case null:
                row!["prices"].ShouldBeNull();
                break;
            case JsonObject prices:
                ShouldHold(row!["prices"]!, prices, money.Name);
                break;
            default:
                row.ShouldBeNull();
                ModelCatalog.Default.Find(money.Provider, money.Model).ShouldBeNull();
                break;
        }
    }

    [Theory]
    [MemberData(nameof(SumNames))]
    public void Exchange_OfTheseAttempts_CostsWhatTheHandSays(string name)
    {
        var money = Sums[name];
        var sum = new CostSum();
        foreach (var attempt in money.Attempts)
        {
            var usage = attempt.Usage is null ? null : Ways(attempt).First().Usage;
            if (attempt.IsEstimated)
                usage = usage! with { Estimated = true };
            sum.Add(usage, Price(attempt, usage, usage?.ServiceTier));
        }

        (sum.Total?.ToNanoUsd()).ShouldBe(money.NanoUsd);
        (sum.Total?.Basis ?? CostBasis.Unpriced).ShouldBe(money.Basis);
    }

    [Fact]
    public void Table_AsAWhole_HoldsEveryProviderAndBasis()
    {
        MoneyCase.Replies.Count.ShouldBeGreaterThan(190);
        MoneyCase
            .Replies.Values.Select(static money => money.Provider)
            .Distinct()
            .Order()
            .ShouldBe(ModelCatalog.Default.Providers.Order());
        MoneyCase
            .Replies.Values.Select(static money => money.Basis)
            .ToHashSet()
            .Count.ShouldBe(Enum.GetValues<CostBasis>().Length);
    }

    private static Cost? Price(MoneyCase money, TokenUsage? usage, string? tier) =>
        Cost.Of(
            usage,
            ModelCatalog.Default.Find(money.Provider, money.Model)?.Prices?.On(money.Day).For(tier)
        );

    /// <summary>Relayed and translated, whole and streamed: a reply's cost must not hang on the way it went.</summary>
    private static IEnumerable<(string Way, TokenUsage? Usage, string? Tier)> Ways(MoneyCase money)
    {
        var dialect = DialectSlice.Find(money.Dialect)!;
        var body = Encoding.UTF8.GetBytes(MoneyReply.Whole(money));
        var operation = money.IsEmbedding ? Operation.Embeddings : Operation.Chat;
        var relayed = dialect.ReadReply(body, operation, money.Type);
        relayed.IsAnswer.ShouldBeTrue(money.Name);
        yield return ("relayed", relayed.Usage, relayed.ServiceTier);

        var translated = ReplyFacts.Of(dialect, body, operation, money.Type);
        translated.IsAnswer.ShouldBeTrue(money.Name);
        yield return ("translated", translated.Usage, translated.ServiceTier);
        if (money.IsEmbedding)
            yield break;

        var stream = Encoding.UTF8.GetBytes(MoneyReply.Stream(money));
        var watched = Watch(dialect.CreateTap(money.Type, transcript: null), dialect, stream);
        yield return ("relayed stream", watched.Usage, watched.ServiceTier);
        var read = Watch(new EventTap(dialect.CreateStreamReader(money.Type)), dialect, stream);
        yield return ("translated stream", read.Usage, read.ServiceTier);
    }

    private static StreamTap Watch(StreamTap tap, IDialect dialect, ReadOnlySpan<byte> stream)
    {
        var framer = new EventFramer(dialect.Framing);
        int length;
        while ((length = framer.NextEvent(stream)) > 0)
        {
            tap.Inspect(stream[..length]).ShouldNotBe(StreamPiece.Malformed);
            stream = stream[length..];
        }
        tap.Complete().ShouldBeTrue();
        return tap;
    }

    /// <summary>Every fact that a case repeats is in the row, and those it calls null are not.</summary>
    private static void ShouldHold(JsonNode row, JsonObject facts, string what)
    {
        foreach (var (name, fact) in facts)
        {
            if (fact is JsonObject inner)
                ShouldHold(row[name].ShouldNotBeNull($"{what}: {name}"), inner, what);
            else
                JsonNode
                    .DeepEquals(row[name], fact)
                    .ShouldBeTrue($"{what}: {name} is {row[name]?.ToJsonString() ?? "absent"}");
        }
    }
}
