using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads a whole message as providers really send it: what is odd is carried, not refused.</summary>
internal static class AnthropicReplyReader
{
    /// <summary>Reads a body; the reply's slices live as long as the body's buffer.</summary>
    /// <param name="body">The body of an answer with a status of success.</param>
    /// <param name="reply">The reply; null where there is none.</param>
    /// <param name="error">What the provider said went wrong, or that its answer is none.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out ChatReply? reply,
        out UpstreamError? error
    )
    {
        error = null;
        try
        {
            var json = new JsonCursor(body, isLenient: true);
            json.Enter();
            reply = json.IsObject ? Read(ref json) : null;
            json.Leave();
        }
        catch (JsonException)
        {
            reply = null;
        }
        if (reply is not null)
            return true;
        error = AnthropicErrors.Read(body.Span);
        return false;
    }

    /// <summary>Reads the object; null where it is no message but an error, or nothing of the kind.</summary>
    private static ChatReply? Read(ref JsonCursor json)
    {
        var raw = new RawFields(AnthropicDialect.DialectName);
        var reply = new ChatReply();
        var choice = new ChatChoice(0, new Message(MessageRole.Assistant, []));
        List<Part>? parts = null;
        var isError = false;
        while (json.NextMember())
        {
            if (json.Is("type"u8) || json.Is("role"u8))
            {
                isError |= json.ValueIs("error"u8);
                json.Skip();
            }
            else if (json.IsList && json.Is("content"u8))
                parts = AnthropicBlockReader.ReadList(ref json);
            else if (json.IsText && json.Is("id"u8))
                reply = reply with { Id = json.TakeText() };
            else if (json.IsText && json.Is("model"u8))
                reply = reply with { Model = json.TakeText() };
            else if (json.IsText && json.Is("stop_reason"u8))
                choice = choice with { StopWord = json.TakeText() };
            else if (json.IsText && json.Is("stop_sequence"u8))
                choice = choice with { StopSequence = json.TakeText() };
            else if (json.IsObject && json.Is("usage"u8))
                reply = WithUsage(reply, json.TakeJson());
            // Both are written whether or not they say something.
            else if (json.IsNull && (json.Is("stop_reason"u8) || json.Is("stop_sequence"u8)))
                json.Skip();
            else
                json.Carry(ref raw);
        }
        if (isError || parts is null)
            return null;
        return reply with
        {
            Choices = [Finish(choice, parts)],
            Citations = Citations(parts),
            Raw = raw.ToList(),
        };
    }

    private static ChatReply WithUsage(ChatReply reply, RawJson usage) =>
        reply with
        {
            Usage = AnthropicUsageReader.Read(usage.Utf8.Span),
            RawUsage = new RawField(
                AnthropicDialect.DialectName,
                null,
                JsonText.Of("usage"),
                usage
            ),
        };

    private static ChatChoice Finish(ChatChoice choice, List<Part> parts)
    {
        var said = AnthropicAnswerTool.AsText(parts, out var isAnswer);
        var stop = choice.StopWord is { } word
            ? AnthropicStopWords.Read(word.Escaped.Span)
            : StopReason.Unknown;
        return choice with
        {
            Message = choice.Message with { Parts = said },
            Stop = isAnswer
                ? AnthropicAnswerTool.Stop(stop, said.Any(static part => part is ToolCallPart))
                : stop,
        };
    }

    private static List<Citation> Citations(List<Part> parts)
    {
        var citations = new List<Citation>();
        foreach (var part in parts)
        foreach (var field in part.Raw)
        {
            if (part is TextPart && field.Name.Is("citations"u8))
                AnthropicCitations.Read(field.Value, citations);
        }
        return citations;
    }
}
