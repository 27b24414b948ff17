using System.Buffers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIChatDialectTests
{
    private readonly OpenAIChatDialect _dialect = new();

    [Theory]
    [InlineData(GatewayErrorKind.Authentication, "authentication_error", "invalid_api_key")]
    [InlineData(GatewayErrorKind.NotFound, "invalid_request_error", "model_not_found")]
    [InlineData(GatewayErrorKind.RateLimited, "rate_limit_error", "rate_limit_exceeded")]
    [InlineData(GatewayErrorKind.ContextLength, "invalid_request_error", "context_length_exceeded")]
    [InlineData(GatewayErrorKind.InvalidRequest, "invalid_request_error", null)]
    [InlineData(GatewayErrorKind.Timeout, "server_error", "timeout")]
    public void WriteError_EachKind_HasOpenAIsWords(
        GatewayErrorKind kind,
        string type,
        string? code
    ) =>
        Written(new GatewayError(kind, "why \"so\" <b>") { Param = "messages" })
            .ShouldBe(
                $$$"""{"error":{"message":"why \"so\" <b>","type":"{{{type}}}","param":"messages","code":{{{JsonSerializer.Serialize(code)}}}}}"""
            );

    [Fact]
    public void WriteError_EveryKind_IsAnObjectWithAMessage()
    {
        foreach (var kind in Enum.GetValues<GatewayErrorKind>())
            OpenAIErrorReader
                .Read(Encoding.UTF8.GetBytes(Written(new GatewayError(kind, "m"))))
                .IsCanonicalShape.ShouldBeTrue();
    }

    [Fact]
    public void WriteError_ProvidersWords_Win() =>
        Written(
                new GatewayError(GatewayErrorKind.RateLimited, "m")
                {
                    Type = "insufficient_quota",
                    Code = "insufficient_quota",
                }
            )
            .ShouldBe(
                """{"error":{"message":"m","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"""
            );

    [Fact]
    public void WriteError_StatusInPlaceOfACode_IsNone() =>
        Written(new GatewayError(GatewayErrorKind.ContextLength, "Too long.") { Code = "400" })
            .ShouldContain("\"code\":\"context_length_exceeded\"");

    [Fact]
    public void WriteError_UpstreamBody_IsRelayedAsItIs() =>
        Written(
                new GatewayError(GatewayErrorKind.Upstream, "m")
                {
                    UpstreamBody = "{ \"error\": {\"message\":1} }\n"u8.ToArray(),
                }
            )
            .ShouldBe("{ \"error\": {\"message\":1} }\n");

    [Fact]
    public void WriteError_HalfSurrogate_StaysHalf() =>
        Written(new GatewayError(GatewayErrorKind.Upstream, "a\ud83db\u0001\"😀"))
            .ShouldContain(
                """
                "a\ud83db\u0001\"😀"
                """.Trim()
            );

    [Fact]
    public void WriteStreamError_IsOneEventAndNoTerminator()
    {
        var error = new GatewayError(GatewayErrorKind.Upstream, "cut");

        WrittenToStream(error).ShouldBe($"data: {Written(error)}\n\n");
    }

    [Fact]
    public void WriteStreamError_PrettyPrintedUpstreamBody_StaysOneEvent() =>
        WrittenToStream(
                new GatewayError(GatewayErrorKind.Upstream, "m")
                {
                    UpstreamBody = "{\r\n \"error\":\n\n {}}\n"u8.ToArray(),
                }
            )
            .ShouldBe("data: { \"error\": {}}\n\n");

    private string Written(GatewayError error)
    {
        var output = new ArrayBufferWriter<byte>();
        _dialect.WriteError(output, error);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private string WrittenToStream(GatewayError error)
    {
        var output = new ArrayBufferWriter<byte>();
        _dialect.WriteStreamError(output, error);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
