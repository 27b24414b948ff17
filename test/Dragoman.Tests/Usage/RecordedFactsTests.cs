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
}
