using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIUsageReaderTests
{
    public static TheoryData<string, string, bool, TokenUsage> Shapes { get; } =
        new()
        {
            {
                "plain",
                """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}""",
                false,
                new()
                {
                    Input = 10,
                    Output = 5,
                    ReportedTotal = 15,
                }
            },
            {
                "openai details",
                """
                    {"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
                     "prompt_tokens_details":{"cached_tokens":60,"audio_tokens":10},
                     "completion_tokens_details":{"reasoning_tokens":20,"audio_tokens":5,"accepted_prediction_tokens":1}}
                    """,
                false,
                new()
                {
                    Input = 30,
                    CacheRead = 60,
                    AudioInput = 10,
                    Output = 25,
                    Reasoning = 20,
                    AudioOutput = 5,
                    ReportedTotal = 150,
                }
            },
            {
                "deepseek cache",
                """{"prompt_tokens":416,"completion_tokens":48,"total_tokens":464,"prompt_cache_hit_tokens":256,"prompt_cache_miss_tokens":160}""",
                false,
                new()
                {
                    Input = 160,
                    CacheRead = 256,
                    Output = 48,
                    ReportedTotal = 464,
                }
            },
            {
                "xai: reasoning beside the completion, cost in ticks",
                """{"prompt_tokens":12,"completion_tokens":2,"total_tokens":334,"completion_tokens_details":{"reasoning_tokens":320},"cost_in_usd_ticks":37756000}""",
                true,
                new()
                {
                    Input = 12,
                    Output = 2,
                    Reasoning = 320,
                    ReportedTotal = 334,
                    ReportedCostUsd = 0.0037756m,
                }
            },
            {
                "reasoning beside the completion, told by the total alone",
                """{"prompt_tokens":12,"completion_tokens":400,"total_tokens":732,"completion_tokens_details":{"reasoning_tokens":320}}""",
                false,
                new()
                {
                    Input = 12,
                    Output = 400,
                    Reasoning = 320,
                    ReportedTotal = 732,
                }
            },
            {
                "reasoning within, whatever the provider's habit, by the total",
                """{"prompt_tokens":12,"completion_tokens":400,"total_tokens":412,"completion_tokens_details":{"reasoning_tokens":320}}""",
                true,
                new()
                {
                    Input = 12,
                    Output = 80,
                    Reasoning = 320,
                    ReportedTotal = 412,
                }
            },
            {
                "no total: the habit decides",
                """{"completion_tokens":400,"completion_tokens_details":{"reasoning_tokens":320}}""",
                true,
                new() { Output = 400, Reasoning = 320 }
            },
            {
                "mistral audio apart",
                """{"prompt_tokens":9,"completion_tokens":248,"total_tokens":632,"prompt_tokens_details":{"audio_tokens":375}}""",
                false,
                new()
                {
                    Input = 9,
                    AudioInput = 375,
                    Output = 248,
                    ReportedTotal = 632,
                }
            },
            {
                "more cached than prompt",
                """{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":161}}""",
                false,
                new()
                {
                    Input = 0,
                    CacheRead = 10,
                    Output = 2,
                    ReportedTotal = 12,
                }
            },
            {
                "openrouter cost and cache write",
                """{"prompt_tokens":893,"completion_tokens":83,"total_tokens":976,"cost":1.308e-3,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":90},"cost_details":{"upstream_inference_cost":9}}""",
                false,
                new()
                {
                    Input = 800,
                    CacheRead = 3,
                    CacheWrite = 90,
                    Output = 83,
                    ReportedTotal = 976,
                    ReportedCostUsd = 0.001308m,
                }
            },
            {
                "perplexity cost",
                """{"prompt_tokens":11,"completion_tokens":62,"total_tokens":73,"cost":{"request_cost":0.005,"total_cost":0.00507}}""",
                false,
                new()
                {
                    Input = 11,
                    Output = 62,
                    ReportedTotal = 73,
                    ReportedCostUsd = 0.00507m,
                }
            },
            {
                "nonsense is passed over",
                """{"prompt_tokens":-4,"completion_tokens":"7","total_tokens":1e30,"prompt_tokens_details":null,"completion_tokens_details":[1,{"reasoning_tokens":3}],"cost":[{}],"x":{"prompt_tokens":9},"cached_tokens":2.5}""",
                false,
                new() { CacheRead = 2 }
            },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Read_EachShape_GivesDisjointBuckets(
        string what,
        string usage,
        bool reasoningOutside,
        TokenUsage expected
    ) => Read(usage, reasoningOutside).ShouldBe(expected, what);

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1,[2]]")]
    [InlineData("\"text\"")]
    [InlineData("{\"queue_time\":0.1}")]
    public void Read_NothingSaid_IsNull(string usage) => Read(usage, false).ShouldBeNull();

    [Fact]
    public void Read_HalfSurrogateInAName_IsPassedOver() =>
        Read("""{"\ud83d":1,"\u0070rompt_tokens":3}""", false)!.Input.ShouldBe(3);

    [Fact]
    public void Read_StandsAtTheEndAfterwards()
    {
        foreach (
            var value in (string[])["""{"cost":{"total_cost":1},"a":[{}]}""", "null", "[{}]", "5"]
        )
        {
            var reader = new Utf8JsonReader(
                Encoding.UTF8.GetBytes($$"""{"usage":{{value}},"next":1}""")
            );
            reader.Read();
            reader.Read();
            reader.Read();
            OpenAIUsageReader.Read(ref reader, false);
            reader.Read();
            reader.GetString().ShouldBe("next", value);
        }
    }

    private static TokenUsage? Read(string usage, bool reasoningOutside)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(usage));
        reader.Read();
        return OpenAIUsageReader.Read(ref reader, reasoningOutside);
    }
}
