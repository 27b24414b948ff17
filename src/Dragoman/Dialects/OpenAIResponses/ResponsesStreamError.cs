using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>
/// An error in a stream that has begun, told twice, since clients do not agree: Codex looks for a response that failed and for its
/// code (openai/codex, codex-api, seen 2026-11), OpenAI's own libraries for an event <c>error</c>.
/// </summary>
internal static class ResponsesStreamError
{
    /// <summary>Errors stand behind all events there were, whose numbers are not known where errors are written.</summary>
    private const int LastNumber = int.MaxValue;

    /// <param name="output">Where it goes.</param>
    /// <param name="body">The error as a body of its own: <c>{"error":{…}}</c>.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
    {
        var outer = new JsonWalk(body);
        outer.Next();
        var error = outer.Value;
        ReadOnlySpan<byte> code = default;
        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> message = default;
        ReadOnlySpan<byte> param = "null"u8;
        var members = new JsonWalk(error);
        while (members.Next())
        {
            if (members.IsText && members.Is("code"u8))
                code = members.Text;
            else if (members.IsText && members.Is("type"u8))
                type = members.Text;
            else if (members.IsText && members.Is("message"u8))
                message = members.Text;
            else if (members.Is("param"u8))
                param = members.Value;
        }
        if (code.IsEmpty)
            code = type;
        WriteFailed(output, code, message);

        output.Write("event: error\ndata: "u8);
        using (var json = DialectJson.NewWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteNumber("sequence_number"u8, LastNumber);
            Write(json, "code"u8, code);
            Write(json, "message"u8, message);
            json.WritePropertyName("param"u8);
            json.WriteRawValue(param, skipInputValidation: true);
            json.WritePropertyName("error"u8);
            json.WriteRawValue(error, skipInputValidation: true);
            json.WriteEndObject();
        }
        SseWriter.EndEvent(output);
    }

    private static void WriteFailed(
        IBufferWriter<byte> output,
        ReadOnlySpan<byte> code,
        ReadOnlySpan<byte> message
    )
    {
        output.Write("event: response.failed\ndata: "u8);
        using (var json = DialectJson.NewWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "response.failed"u8);
            json.WriteNumber("sequence_number"u8, LastNumber - 1);
            json.WriteStartObject("response"u8);
            json.WriteString("id"u8, ""u8);
            json.WriteString("object"u8, "response"u8);
            json.WriteString("status"u8, "failed"u8);
            json.WriteStartObject("error"u8);
            Write(json, "code"u8, code);
            Write(json, "message"u8, message);
            json.WriteEndObject();
            json.WriteStartArray("output"u8);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        SseWriter.EndEvent(output);
    }

    private static void Write(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> escaped
    )
    {
        json.WritePropertyName(name);
        JsonText.Write(json, escaped);
    }
}
