using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Anthropic's Messages (platform.claude.com/docs/en/api/messages, seen 2026-11; answers as recorded 2024-2026).</summary>
internal sealed class AnthropicDialect : Dialect
{
    public static AnthropicDialect Instance { get; } = new();

    public override SimulatedDialect Kind => SimulatedDialect.AnthropicMessages;
    public override string IdPrefix => "msg_";

    public override ReadOnlyMemory<byte> KeepAlive { get; } =
        "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8.ToArray();

    public override Reply Refuse(ApiError error, params (string Name, string Value)[] headers)
    {
        error = Worded(error);
        var request = "req_" + StableHash.Id(error.ToJson());
        var body = Json.Bytes(json =>
        {
            json.WriteStartObject();
            WriteError(json, error);
            json.WriteString("request_id", request);
            json.WriteEndObject();
        });
        return Reply.Whole(error.Status, body) with
        {
            Headers = [("request-id", request), .. headers],
        };
    }

    public override byte[] Write(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        MessageWriter.Write(answer, style);

    public override EventWriter Stream(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        new MessageStreamWriter(answer, style);

    /// <summary>The fields <c>type</c> and <c>error</c>.</summary>
    public static void WriteError(Utf8JsonWriter json, ApiError error)
    {
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", TypeOf(error.Status));
        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }

    // Anthropic has words of its own for what OpenAI puts into a code.
    private static ApiError Worded(ApiError error) =>
        error.Code switch
        {
            "context_length_exceeded" => error with
            {
                Message = "prompt is too long: 9 tokens > 8 maximum",
            },
            "content_filter" => error with
            {
                Message = "Output blocked by content filtering policy",
            },
            "insufficient_quota" => error with
            {
                Status = 400,
                Message =
                    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
            },
            "invalid_api_key" => error with { Message = "invalid x-api-key" },
            _ => error,
        };

    private static string TypeOf(int status) =>
        status switch
        {
            401 => "authentication_error",
            402 => "billing_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            504 => "timeout_error",
            529 => "overloaded_error",
            >= 400 and < 500 and not 408 => "invalid_request_error",
            _ => "api_error",
        };
}
