using System.Globalization;
using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>How a Gemini answer is framed.</summary>
internal enum GeminiFraming
{
    Plain,
    Events,

    /// <summary>A stream as one JSON array, which is what comes without <c>?alt=sse</c>.</summary>
    Array,
}

/// <summary>Google's <c>generateContent</c> (ai.google.dev/api/generate-content, seen 2026-11; answers as recorded 2025-2026).</summary>
internal sealed class GeminiDialect : Dialect
{
    private readonly GeminiFraming _framing;

    private GeminiDialect(GeminiFraming framing) => _framing = framing;

    public static GeminiDialect Plain { get; } = new(GeminiFraming.Plain);
    public static GeminiDialect Events { get; } = new(GeminiFraming.Events);
    public static GeminiDialect Array { get; } = new(GeminiFraming.Array);

    public override SimulatedDialect Kind => SimulatedDialect.Gemini;

    public override string StreamType =>
        _framing == GeminiFraming.Array ? "application/json; charset=UTF-8" : "text/event-stream";

    // Within an array a blank is all that may stand anywhere.
    public override ReadOnlyMemory<byte> KeepAlive =>
        _framing == GeminiFraming.Array ? "\n"u8.ToArray() : ": simulated ping\r\n\r\n"u8.ToArray();

    public override Reply Refuse(ApiError error, params (string Name, string Value)[] headers)
    {
        // A prompt that is blocked is not an error to Google but an answer without candidates.
        var blocked = error.Code == "content_filter";
        var body = Json.Bytes(json =>
        {
            if (_framing == GeminiFraming.Array)
                json.WriteStartArray();
            json.WriteStartObject();
            if (blocked)
                WriteBlocked(json);
            else
                WriteError(json, error);
            json.WriteEndObject();
            if (_framing == GeminiFraming.Array)
                json.WriteEndArray();
        });
        if (blocked && _framing == GeminiFraming.Events)
            return Reply.Events(
                [Piece.Of((byte[])[.. "data: "u8, .. body, .. "\r\n\r\n"u8])],
                StreamType
            );
        return Reply.Whole(blocked ? 200 : error.Status, body) with
        {
            ContentType = "application/json; charset=UTF-8",
            Headers = headers,
        };
    }

    public override byte[] Write(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        Json.Bytes(json => new CandidateWriter(answer, call, style).WriteWhole(json));

    public override EventWriter Stream(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        new GeminiStreamWriter(
            new(answer, call, style),
            style with
            {
                LineEnd = "\r\n",
            },
            _framing == GeminiFraming.Array
        );

    /// <summary>The field <c>error</c>.</summary>
    public static void WriteError(Utf8JsonWriter json, ApiError error)
    {
        json.WriteStartObject("error");
        json.WriteNumber("code", error.Status);
        json.WriteString("message", Message(error));
        json.WriteString("status", StatusOf(error.Status));
        switch (error.Code)
        {
            case "API_KEY_INVALID":
                json.WriteStartArray("details");
                json.WriteRawValue(
                    """{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}"""
                );
                json.WriteEndArray();
                break;
            case "insufficient_quota":
                json.WriteStartArray("details");
                json.WriteRawValue(
                    """{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"50"}]}"""
                );
                json.WriteEndArray();
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteBlocked(Utf8JsonWriter json)
    {
        json.WriteStartObject("promptFeedback");
        json.WriteString("blockReason", "PROHIBITED_CONTENT");
        json.WriteEndObject();
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", 8);
        json.WriteNumber("totalTokenCount", 8);
        json.WriteEndObject();
        json.WriteString("modelVersion", "simulated");
    }

    private static string Message(ApiError error) =>
        error.Code switch
        {
            "context_length_exceeded" =>
                "The input token count (9) exceeds the maximum number of tokens allowed (8).",
            "insufficient_quota" =>
                "You exceeded your current quota, please check your plan and billing details.",
            "model_not_found" => string.Create(
                CultureInfo.InvariantCulture,
                $"{error.Message} (models/… is not found for API version v1beta, or is not supported for generateContent.)"
            ),
            _ => error.Message,
        };

    private static string StatusOf(int status) =>
        status switch
        {
            400 or 402 => "INVALID_ARGUMENT",
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 or 405 => "NOT_FOUND",
            408 or 504 => "DEADLINE_EXCEEDED",
            429 => "RESOURCE_EXHAUSTED",
            501 => "UNIMPLEMENTED",
            503 or 529 => "UNAVAILABLE",
            _ => "INTERNAL",
        };
}
