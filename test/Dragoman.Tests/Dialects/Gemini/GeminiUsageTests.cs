using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.Gemini;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Gemini;

/// <summary>Google's overlapping counts in disjoint buckets.</summary>
public class GeminiUsageTests
{
    public static TheoryData<string, TokenUsage?> Cases() =>
        new()
        {
            { "{}", null },
            { """{"trafficType":"ON_DEMAND"}""", null },
            {
                """{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":15}""",
                new TokenUsage
                {
                    Input = 10,
                    Output = 5,
                    ReportedTotal = 15,
                }
            },
            // Thoughts are beside the candidates, cached tokens within the prompt.
            {
                """{"promptTokenCount":9622,"candidatesTokenCount":35,"totalTokenCount":9793,"cachedContentTokenCount":9609,"thoughtsTokenCount":136}""",
                new TokenUsage
                {
                    Input = 13,
                    CacheRead = 9609,
                    Output = 35,
                    Reasoning = 136,
                    ReportedTotal = 9793,
                }
            },
            // What a tool brought in is in the total alone.
            {
                """{"promptTokenCount":10,"candidatesTokenCount":30,"totalTokenCount":222,"toolUsePromptTokenCount":73,"thoughtsTokenCount":109}""",
                new TokenUsage
                {
                    Input = 10,
                    Output = 30,
                    Reasoning = 109,
                    ReportedTotal = 222,
                }
            },
            // Kinds; of the cached ones each is taken off its own.
            {
                """{"promptTokenCount":300,"cachedContentTokenCount":40,"candidatesTokenCount":1300,"totalTokenCount":1600,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"IMAGE","tokenCount":258},{"modality":"AUDIO","tokenCount":32}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":32},{"modality":"TEXT","tokenCount":8}],"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290},{"modality":"AUDIO","tokenCount":4}],"serviceTier":"flex"}""",
                new TokenUsage
                {
                    Input = 2,
                    CacheRead = 40,
                    AudioInput = 0,
                    ImageInput = 258,
                    Output = 6,
                    ImageOutput = 1290,
                    AudioOutput = 4,
                    ReportedTotal = 1600,
                    ServiceTier = "flex",
                }
            },
            // A limit that was reached while it was thinking: no candidate.
            {
                """{"promptTokenCount":7,"totalTokenCount":107,"thoughtsTokenCount":100}""",
                new TokenUsage
                {
                    Input = 7,
                    Reasoning = 100,
                    ReportedTotal = 107,
                }
            },
            // Garble is no count, and no bucket is larger than its whole.
            {
                """{"promptTokenCount":-5,"candidatesTokenCount":"x","totalTokenCount":9e99,"thoughtsTokenCount":1}""",
                new TokenUsage { Reasoning = 1 }
            },
            {
                """{"promptTokenCount":10,"cachedContentTokenCount":50}""",
                new TokenUsage { Input = 0, CacheRead = 10 }
            },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_Counts_AreDisjoint(string json, TokenUsage? expected) =>
        GeminiUsageReader.Read(Encoding.UTF8.GetBytes(json)).ShouldBe(expected);
}
