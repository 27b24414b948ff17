using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Writes a whole response object.</summary>
internal static class ResponsesReplyWriter
{
    public static void Write(IBufferWriter<byte> output, ChatReply reply, in ReplyFallback fallback)
    {
        var isOwn = reply.Raw.Any(static field =>
            field.Dialect == OpenAIResponsesDialect.DialectName
        );
        var head = new ResponseHead(fallback);
        // Another dialect's ids mean nothing to clients of this one, and may repeat.
        if (reply.Id is { IsEmpty: false } id && (isOwn || IsOwnId(id.Escaped.Span)))
            head.Id = id;
        if (reply.Model is { IsEmpty: false } model)
            head.Model = model;
        head.Created = reply.Created ?? head.Created;
        using var json = DialectJson.NewWriter(output);
        if (isOwn)
            WriteAsCame(json, reply, head);
        else
            WriteAnew(json, reply, head);
    }

    /// <summary>Whether an escaped id is one as OpenAI gives them.</summary>
    public static bool IsOwnId(ReadOnlySpan<byte> id) => id.StartsWith("resp_"u8);

    private static void WriteAnew(Utf8JsonWriter json, ChatReply reply, ResponseHead head)
    {
        var choice = reply.Choices is [var first, ..] ? first : null;
        var reason = ResponsesStopWords.Reason(choice?.Stop ?? StopReason.Unknown);
        head.WriteBeforeOutput(json, reason.IsEmpty ? "completed"u8 : "incomplete"u8, reason);
        WriteOutput(json, reply, head);
        head.WriteBehindOutput(json, reply.Usage, reply.RawUsage);
    }

    /// <summary>It came in this dialect: its provider has said all there is to say.</summary>
    private static void WriteAsCame(Utf8JsonWriter json, ChatReply reply, ResponseHead head)
    {
        json.WriteStartObject();
        DialectJson.Write(json, "id"u8, head.Id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, head.Created);
        if (reply.Choices is [{ StopWord: { } status }, ..])
            DialectJson.Write(json, "status"u8, status);
        DialectJson.Write(json, "model"u8, head.Model);
        WriteOutput(json, reply, head);
        if (reply.RawUsage is { } usage)
            DialectJson.Write(json, "usage"u8, usage.Value);
        ResponsesJson.WriteRaw(json, reply.Raw);
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, ChatReply reply, ResponseHead head)
    {
        json.WriteStartArray("output"u8);
        // A response is one answer.
        foreach (var choice in reply.Choices.Take(1))
        {
            var items = choice.Message.AsCame(OpenAIResponsesDialect.DialectName);
            if (!items.IsEmpty)
                DialectJson.Write(json, items);
            else
                new ResponsesOutputWriter(json, head).Write(choice.Message, reply.Citations);
        }
        json.WriteEndArray();
    }
}
