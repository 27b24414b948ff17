using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.AnthropicMessages;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

/// <summary>How Anthropic and its kin count, and the disjoint buckets that come of it.</summary>
public class AnthropicUsageReaderTests
{
    public static TheoryData<string, TokenUsage> Cases =>
        new()
        {
            // Plain.
            {
                """{"input_tokens":20,"output_tokens":13}""",
                new TokenUsage { Input = 20, Output = 13 }
            },
            // The cache's buckets stand beside input_tokens, never inside it.
            {
                """{"input_tokens":3,"cache_creation_input_tokens":300,"cache_read_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":7,"service_tier":"standard"}""",
                new TokenUsage
                {
                    Input = 3,
                    CacheRead = 1000,
                    CacheWrite = 100,
                    CacheWrite1h = 200,
                    Output = 7,
                }
            },
            // Without the split, which older versions and other servers do not tell.
            {
                """{"input_tokens":3,"cache_creation_input_tokens":300,"output_tokens":7}""",
                new TokenUsage
                {
                    Input = 3,
                    CacheWrite = 300,
                    Output = 7,
                }
            },
            // The split comes before the total it is of.
            {
                """{"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":200},"cache_creation_input_tokens":200,"input_tokens":3,"output_tokens":7}""",
                new TokenUsage
                {
                    Input = 3,
                    CacheWrite = 0,
                    CacheWrite1h = 200,
                    Output = 7,
                }
            },
            // Thinking is part of the output.
            {
                """{"input_tokens":40,"output_tokens":60,"output_tokens_details":{"thinking_tokens":50},"service_tier":"batch"}""",
                new TokenUsage
                {
                    Input = 40,
                    Output = 10,
                    Reasoning = 50,
                    ServiceTier = "batch",
                }
            },
            // Strings, objects and nulls among numbers; counts that are none.
            {
                """{"input_tokens":5,"output_tokens":1.5,"server_tool_use":{"web_search_requests":1},"cache_read_input_tokens":null,"inference_geo":"eu","service_tier":"priority","cache_creation":null,"cache_creation_input_tokens":-1}""",
                new TokenUsage { Input = 5, ServiceTier = "priority" }
            },
            { "{}", new TokenUsage() },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_AUsage_FillsDisjointBuckets(string json, TokenUsage expected) =>
        AnthropicUsageReader.Read(Encoding.UTF8.GetBytes(json)).ShouldBe(expected);

    [Fact]
    public void Add_TheEndOfAStream_ReplacesWhatItSaysAndKeepsTheRest()
    {
        var counts = new AnthropicUsageReader();
        counts.Add(
            """{"input_tokens":2037,"cache_creation_input_tokens":300,"cache_read_input_tokens":9,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":35,"service_tier":"priority"}"""u8
        );
        counts.Add(
            """{"input_tokens":15665,"cache_creation_input_tokens":300,"output_tokens":795}"""u8
        );

        counts
            .ToUsage()
            .ShouldBe(
                new TokenUsage
                {
                    Input = 15665,
                    CacheRead = 9,
                    CacheWrite = 100,
                    CacheWrite1h = 200,
                    Output = 795,
                    ServiceTier = "priority",
                }
            );
    }

    [Fact]
    public void Add_AnEndWithMoreCacheWrites_TakesTheNewTotal()
    {
        var counts = new AnthropicUsageReader();
        counts.Add(
            """{"input_tokens":1,"cache_creation_input_tokens":10,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":0},"output_tokens":1}"""u8
        );
        counts.Add("""{"output_tokens":5,"cache_creation_input_tokens":70}"""u8);

        counts
            .ToUsage()
            .ShouldBe(
                new TokenUsage
                {
                    Input = 1,
                    CacheWrite = 70,
                    Output = 5,
                }
            );
    }
}
