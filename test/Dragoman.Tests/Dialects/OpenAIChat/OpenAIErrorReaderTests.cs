using System.Text;
using Dragoman.Dialects.OpenAIChat;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIErrorReaderTests
{
    public static TheoryData<string, string, UpstreamErrorFacts> Shapes { get; } =
        new()
        {
            {
                "openai",
                """{"error":{"message":"No such model","type":"invalid_request_error","param":"model","code":"model_not_found"}}""",
                new("No such model", "invalid_request_error", "model_not_found", "model", true)
            },
            {
                "xai",
                """{"code":"Bad key","error":"Incorrect API key"}""",
                new("Incorrect API key", null, "Bad key", null, false)
            },
            {
                "mistral detail",
                """{"detail":"Unauthorized"}""",
                new("Unauthorized", null, null, null, false)
            },
            {
                "mistral message",
                """{"object":"error","message":"Too long","type":"invalid_request","param":null,"code":"3051"}""",
                new("Too long", "invalid_request", "3051", null, false)
            },
            {
                "mistral validation",
                """{"object":"error","message":{"detail":[{"loc":["body"],"msg":"Field required"}]}}""",
                new(
                    """{"detail":[{"loc":["body"],"msg":"Field required"}]}""",
                    null,
                    null,
                    null,
                    false
                )
            },
            {
                "numeric code",
                """{"error":{"message":"No credit","code":402}}""",
                new("No credit", null, "402", null, true)
            },
            {
                "inner words win",
                """{"error":{"message":"in","code":"a"},"message":"out","code":"b","type":"t"}""",
                new("in", "t", "a", null, true)
            },
            {
                "empty message",
                """{"error":{"message":"","code":"a"}}""",
                new(null, null, "a", null, true)
            },
            {
                "message is an object",
                """{"error":{"message":{"a":1}}}""",
                new("""{"a":1}""", null, null, null, false)
            },
            {
                "error beside choices",
                """{"error":{"message":"cut"},"choices":[{"message":{"content":"hi"}}]}""",
                new("cut", null, null, null, true)
            },
            { "html", "<html><body>502</body></html>", new(null, null, null, null, false) },
            {
                "bare text",
                " upstream connect error \n",
                new("upstream connect error", null, null, null, false)
            },
            { "empty", "", new(null, null, null, null, false) },
            { "json string", "\"busy\"", new("busy", null, null, null, false) },
            {
                "cut json",
                """{"error":{"message":"hal""",
                new("""{"error":{"message":"hal""", null, null, null, false)
            },
            {
                "half surrogate",
                """{"error":{"message":"\ud83d!"}}""",
                new("\ud83d!", null, null, null, true)
            },
            {
                "escaped names",
                """{"\u0065rror":{"messag\u0065":"m"}}""",
                new("m", null, null, null, true)
            },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Read_EachShape_FindsTheWords(string what, string body, UpstreamErrorFacts expected)
    {
        var error = OpenAIErrorReader.Read(Encoding.UTF8.GetBytes(body));

        new UpstreamErrorFacts(
            error.Message,
            error.Type,
            error.Code,
            error.Param,
            error.IsCanonicalShape
        ).ShouldBe(expected, what);
    }

    [Theory]
    [InlineData(
        """{"error":{"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"48s"}]}}""",
        48
    )]
    [InlineData(
        """[{"error":{"message":"m","details":[{"a":[{}]},{"retryDelay":"1.5s"}]}}]""",
        1.5
    )]
    public void Read_GoogleRetryInfo_GivesTheWait(string body, double seconds) =>
        OpenAIErrorReader
            .Read(Encoding.UTF8.GetBytes(body))
            .RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("""{"error":{"message":"m","details":"text"}}""")]
    [InlineData("""{"error":{"message":"m","details":[{"retryDelay":"-1s"}]}}""")]
    [InlineData("""{"error":{"message":"m","details":[{"retryDelay":48}]}}""")]
    [InlineData("""{"error":{"message":"m","details":[{"retryDelay":"99999999999999999999s"}]}}""")]
    public void Read_NoUsableWait_IsNull(string body) =>
        OpenAIErrorReader.Read(Encoding.UTF8.GetBytes(body)).RetryAfter.ShouldBeNull();

    [Fact]
    public void Read_AnArrayOfErrors_IsNotRelayedAsOne() =>
        OpenAIErrorReader
            .Read("""[{"error":{"message":"m"}}]"""u8)
            .ShouldSatisfyAllConditions(
                e => e.Message.ShouldBe("m"),
                e => e.IsCanonicalShape.ShouldBeFalse()
            );

    [Fact]
    public void Read_NotUtf8_DoesNotThrow() =>
        OpenAIErrorReader
            .Read([.. "{\"error\":{\"message\":\""u8, 0xFF, 0xC3, .. "\"}}"u8])
            .Message.ShouldBe("\uFFFD\uFFFD");

    [Fact]
    public void Read_ArbitraryBytes_NeverThrows() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll<byte[]>(bytes => OpenAIErrorReader.Read(bytes) is not null)
        );

    /// <summary>What is compared of an error.</summary>
    public sealed record UpstreamErrorFacts(
        string? Message,
        string? Type,
        string? Code,
        string? Param,
        bool IsCanonicalShape
    );
}
