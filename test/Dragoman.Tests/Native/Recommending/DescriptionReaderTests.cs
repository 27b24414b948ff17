using Dragoman.Native;
using Dragoman.Native.Recommending;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Native.Recommending;

public sealed class DescriptionReaderTests
{
    private static readonly string[] Providers = ["openai", "mistral", "together", "anthropic"];

    [Theory]
    [InlineData("fast answers for chat under $1 per million", 0.001)]
    [InlineData("less than 0.5 dollars per 1M tokens", 0.0005)]
    [InlineData("at most $0.002/1k", 0.002)]
    [InlineData("$3 per Mtok", 0.003)]
    [InlineData("up to 20 cents per million tokens", 0.0002)]
    [InlineData("$1,000 per million", 1)]
    public void Read_APricePerTokens_BoundsTheMeanPrice(string text, double usd)
    {
        var wish = Read(text);

        wish.MaxCostPer1k.ShouldBe((decimal)usd);
        wish.MaxCostUsd.ShouldBeNull();
        wish.MinContext.ShouldBeNull();
    }

    [Fact]
    public void Read_PricesOfOneSide_BoundThatSide()
    {
        var wish = Read("under $1 per million input tokens and $5 per million output");

        wish.MaxInputPer1k.ShouldBe(0.001m);
        wish.MaxOutputPer1k.ShouldBe(0.005m);
        wish.MaxCostPer1k.ShouldBeNull();
    }

    [Theory]
    [InlineData("at most 2 cents per request", 0.02)]
    [InlineData("below $0.01 a call", 0.01)]
    [InlineData("$0.5 per answer", 0.5)]
    [InlineData("under $1", 1)]
    public void Read_APriceOfARequest_BoundsTheRequest(string text, double usd)
    {
        Read(text).MaxCostUsd.ShouldBe((decimal)usd);
        Read(text).MaxCostPer1k.ShouldBeNull();
    }

    [Theory]
    [InlineData("200k context", 200_000)]
    [InlineData("a context window of 128,000 tokens", 128_000)]
    [InlineData("1M tokens of context", 1_000_000)]
    [InlineData("1.5 million token context", 1_500_000)]
    [InlineData("prompts of 300k tokens", 300_000)]
    [InlineData("context at least 64k", 64_000)]
    public void Read_AContext_IsTokens(string text, long tokens) =>
        Read(text).MinContext.ShouldBe(tokens);

    [Theory]
    [InlineData("vision under 2 seconds", 2000, null)]
    [InlineData("within 800ms", 800, null)]
    [InlineData("in at most 1.5 s", 1500, null)]
    [InlineData("first token in 300 ms", null, 300)]
    [InlineData("under 1 second to the first token", null, 1000)]
    public void Read_ATime_BoundsTheAnswerOrItsFirstToken(string text, int? answer, int? first)
    {
        var wish = Read(text);

        wish.MaxLatencyMs.ShouldBe(answer);
        wish.MaxFirstTokenMs.ShouldBe(first);
    }

    [Theory]
    [InlineData("best for German legal summaries", "summarization")]
    [InlineData("a chatbot for customer support", "chat")]
    [InlineData("write code and review pull requests", "code")]
    [InlineData("translating manuals", "translation")]
    [InlineData("cheap, tools, 200k context", null)]
    [InlineData("vision under 2 seconds", null)]
    [InlineData("local only, offline", null)]
    public void Read_WordsForATask_NameIt(string text, string? task)
    {
        Read(text).Task.ShouldBe(task);
        Read(text).TaskFrom.ShouldBe(task is null ? null : "words");
    }

    [Fact]
    public void Read_ATaskInNoWordsItKnows_IsToldByTheClassifier()
    {
        var wish = Read("Solve for x where 3x + 7 = 22, step by step");

        wish.Task.ShouldBe("math");
        wish.TaskFrom.ShouldBe("classifier");
        wish.TaskConfidence.ShouldNotBeNull().ShouldBeGreaterThan(0.6);
    }

    [Theory]
    [InlineData("cheap, with tools and vision", "tools,vision", "cost")]
    [InlineData("fastest with JSON output", "structured_output", "latency")]
    [InlineData("the best, no vision, without any tools", "", "quality")]
    [InlineData("no tools but pdfs", "pdf", "")]
    [InlineData("multilingual, long documents", "long_context,multilingual", "")]
    [InlineData("toolbox of visionary bestsellers", "", "")]
    public void Read_Abilities_AreThoseThatAreNotDenied(
        string text,
        string capabilities,
        string prefer
    )
    {
        string.Join(',', Read(text).Capabilities).ShouldBe(capabilities);
        string.Join(',', Read(text).Prefer).ShouldBe(prefer);
    }

    [Theory]
    [InlineData("local only", true, null)]
    [InlineData("offline on our own hardware", true, null)]
    [InlineData("self-hosted", true, null)]
    [InlineData("in the EU", null, "eu")]
    [InlineData("GDPR", null, "eu")]
    [InlineData("not local", null, null)]
    [InlineData("museum guides", null, null)]
    public void Read_APlace_IsTheHouseOrARegion(string text, bool? local, string? region)
    {
        Read(text).Local.ShouldBe(local);
        Read(text).Region.ShouldBe(region);
    }

    [Fact]
    public void Read_Providers_AreThoseThatSomethingMakesProviders()
    {
        Read("coding from Mistral").Providers.ShouldBe(["mistral"]);
        Read("openai models only").Providers.ShouldBe(["openai"]);
        Read("put it all together").Providers.ShouldBeEmpty();
        var without = Read("cheap but not from openai");
        without.Providers.ShouldBeEmpty();
        without.WithoutProviders.ShouldBe(["openai"]);
    }

    [Fact]
    public void Read_EverythingHeard_IsToldInItsOrder()
    {
        var wish = Read("fast answers for chat under $1 per million");

        wish.Heard.Select(static heard => $"{heard.Words}: {heard.Meaning}")
            .ShouldBe([
                "fast: prefer = latency",
                "chat: task = chat",
                "under $1 per million: max_cost_per_1k = 0.001",
            ]);
    }

    [Fact]
    public void Read_HardAndEasy_TellTheDifficulty()
    {
        Read("hard math").Difficulty.ShouldBe(0.8);
        Read("simple chat").Difficulty.ShouldBe(0.2);
        Read("chat").Difficulty.ShouldBeNull();
    }

    [Fact]
    public void Read_AnythingAtAll_NeitherThrowsNorHangs()
    {
        foreach (
            var text in (string[])
                [
                    "$",
                    "under $ per million",
                    "$99999999999999999999 per million",
                    "99999999999999999999999999k context",
                    new string('9', 1900),
                    string.Concat(Enumerable.Repeat("no ", 600)),
                    string.Concat(Enumerable.Repeat("under $1 per ", 150)),
                    "\ud800 vision",
                ]
        )
            Read(text).ShouldNotBeNull();
    }

    private static UnderstoodWish Read(string text) => DescriptionReader.Read(text, Providers);
}
