using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Conditions;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Usage;

/// <summary>Rules over what was recorded of requests: what is not kept is unknown, and no comparison with it holds.</summary>
public sealed class RecordedFactsTests
{
    private static readonly UsageRecord Answered = new()
    {
        Id = new RequestId(7),
        StartedAt = new DateTimeOffset(2026, 11, 25, 14, 30, 0, TimeSpan.Zero),
        Dialect = "openai",
        Operation = "chat",
        Outcome = ExchangeOutcome.Succeeded,
        Route = "auto",
        UserTier = "gold",
        Workspace = "lab",
        Tags = ["vip"],
        Streamed = true,
        Profile = new RequestProfile
        {
            Task = "code",
            Confidence = 0.9,
            Difficulty = 0.7,
            Language = "de",
            ContainsCode = true,
            HasTools = true,
            EstimatedTokens = 400,
        },
    };

    [Theory]
    [InlineData("task_type == 'code' and difficulty > 0.6 and language == 'de'", true)]
    [InlineData("model == 'auto' and user_tier == 'gold' and workspace == 'lab'", true)]
    [InlineData("tags contains 'vip' and streaming and has_tools and not has_images", true)]
    [InlineData("estimated_tokens < 500 and contains_code and hour == 14", true)]
    // Not kept: neither so nor otherwise.
    [InlineData("content_length > 0", false)]
    [InlineData("content_length <= 0", false)]
    [InlineData("header('x-team') == 'search'", false)]
    [InlineData("header('x-team') != 'search'", false)]
    [InlineData("required_capabilities contains 'tools'", false)]
    [InlineData("caller == 'nobody'", false)]
    [InlineData("key != 'one'", false)]
    public void Holds_OverARecord_KnowsWhatIsKept(string condition, bool holds) =>
        ExpressionParser.Parse(condition).Holds(new RecordedFacts(Answered)).ShouldBe(holds);

    [Theory]
    [InlineData("task_type == 'code'")]
    [InlineData("difficulty < 1")]
    [InlineData("has_tools == false")]
    public void Holds_OverARecordWithoutAReading_LeavesItUnknown(string condition) =>
        ExpressionParser
            .Parse(condition)
            .Holds(new RecordedFacts(Answered with { Profile = null }))
            .ShouldBeFalse();

    [Theory]
    [InlineData("task_type == 'code'", true)]
    [InlineData("task_type == 'math'", false)]
    [InlineData("content_length > 100", null)]
    [InlineData("not (content_length > 100)", null)]
    [InlineData("content_length > 100 and task_type == 'code'", null)]
    [InlineData("content_length > 100 and task_type == 'math'", false)]
    [InlineData("content_length > 100 or task_type == 'code'", true)]
    [InlineData("content_length > 100 or task_type == 'math'", null)]
    [InlineData("not (header('x-team') == 'a' and task_type == 'math')", true)]
    [InlineData("header('x-team') matches 'a.*'", null)]
    [InlineData("estimated_tokens * 4 > content_length", null)]
    [InlineData("required_capabilities contains 'tools'", null)]
    // The client said none: that is known.
    [InlineData("caller == 'nobody'", false)]
    [InlineData("key != 'one'", false)]
    public void Meets_OverARecord_TellsWhatItDoesNotKnow(string condition, bool? met) =>
        new RecordedFacts(Answered).Meets(ExpressionParser.Parse(condition)).ShouldBe(met);

    [Fact]
    public void Meets_WithoutAReading_IsUnknownToo()
    {
        var facts = new RecordedFacts(Answered with { Profile = null });
        var condition = ExpressionParser.Parse("model == 'auto' and difficulty < 1");

        facts.Meets(condition).ShouldBeNull();
        facts.Untold(condition).ShouldBe("difficulty");
        facts.Meets(null).ShouldBe(true);
    }
}
