using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads a whole response object as providers really send it: what is odd is carried, not refused.</summary>
internal static class ResponsesReplyReader
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    /// <summary>Reads a body; the reply's slices live as long as the body's buffer.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        bool reasoningOutside,
        out ChatReply? reply,
        out UpstreamError? error
    )
    {
        reply = null;
        error = null;
        try
        {
            var json = new JsonCursor(body, isLenient: true);
            json.Enter();
            reply = json.IsObject ? Read(ref json, reasoningOutside) : null;
            json.Leave();
        }
        catch (JsonException)
        {
            reply = null;
        }
        if (reply is not null)
            return true;
        error = ResponsesErrors.OfBody(body.Span);
        return false;
    }

    private static ChatReply? Read(ref JsonCursor json, bool reasoningOutside)
    {
        var raw = new RawFields(Dialect);
        var reply = new ChatReply();
        IReadOnlyList<Message>? messages = null;
        JsonText status = default;
        var failed = false;
        while (json.NextMember())
        {
            if (json.IsList && json.Is("output"u8))
                messages = new ResponsesItemReader(isReply: true).Read(ref json);
            else if (json.IsText && json.Is("id"u8))
                reply = reply with { Id = json.TakeText() };
            else if (json.IsText && json.Is("model"u8))
                reply = reply with { Model = json.TakeText() };
            else if (json.IsNumber && json.Is("created_at"u8))
                reply = reply with { Created = json.Integer(ref raw) };
            else if (json.IsText && json.Is("status"u8))
                status = json.TakeText();
            else if (json.Is("object"u8))
                json.Skip();
            else if (json.IsObject && json.Is("usage"u8))
                reply = ReadUsage(reply, json.TakeJson(), reasoningOutside);
            else
            {
                failed |= !json.IsNull && json.Is("error"u8);
                json.Carry(ref raw);
            }
        }
        // Where the cursor broke off there is no end either.
        if (messages is null || failed || status.Is("failed"u8))
            return null;
        return Finish(reply with { Raw = raw.ToList() }, messages, status);
    }

    private static ChatReply ReadUsage(ChatReply reply, RawJson usage, bool reasoningOutside) =>
        reply with
        {
            Usage = ResponsesUsage.Read(usage.Utf8.Span, reasoningOutside),
            RawUsage = new RawField(Dialect, null, JsonText.Of("usage"), usage),
        };

    private static ChatReply Finish(
        ChatReply reply,
        IReadOnlyList<Message> messages,
        JsonText status
    )
    {
        var message = Whole(messages);
        var reason = Reason(reply.Raw);
        var citations = new List<Citation>();
        var logProbs = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var field in message.Parts.OfType<TextPart>().SelectMany(static part => part.Raw))
        {
            if (field.Name.Is("annotations"u8))
                ResponsesAnnotations.Read(field.Value.Utf8.Span, citations);
            else if (field.Name.Is("logprobs"u8))
                LogProbsJoin.Append(logProbs, ResponsesLogProbs.ToChat(field.Value.Utf8.Span));
        }
        return reply with
        {
            Usage = reply.Usage is { } usage ? usage with { ServiceTier = Tier(reply.Raw) } : null,
            Citations = citations,
            Choices =
            [
                new ChatChoice(0, message)
                {
                    Stop = ResponsesStopWords.Read(
                        status.Escaped.Span,
                        reason.Escaped.Span,
                        message.Parts.Any(static part => part is ToolCallPart)
                    ),
                    StopWord = status.IsEmpty ? null : status,
                    LogProbs = LogProbsJoin.Close(logProbs),
                },
            ],
        };
    }

    /// <summary>The one answer. Results of tools that the provider ran may stand between its messages.</summary>
    private static Message Whole(IReadOnlyList<Message> messages) =>
        messages switch
        {
            [] => new Message(MessageRole.Assistant, []),
            [var only] => only with { Role = MessageRole.Assistant },
            _ => new Message(
                MessageRole.Assistant,
                [.. messages.SelectMany(static message => message.Parts)]
            ),
        };

    private static string? Tier(IReadOnlyList<RawField> raw)
    {
        foreach (var field in raw)
        {
            if (
                field.Name.Is("service_tier"u8)
                && field.Value.Utf8.Span is [(byte)'"', .. var word, _]
            )
                return OpenAIServiceTier.Of(word);
        }
        return null;
    }

    /// <summary>The reason in <c>incomplete_details</c>.</summary>
    private static JsonText Reason(IReadOnlyList<RawField> raw)
    {
        foreach (var field in raw)
        {
            if (!field.Name.Is("incomplete_details"u8))
                continue;
            var members = new JsonWalk(field.Value.Utf8.Span);
            while (members.Next())
            {
                if (members.IsText && members.Is("reason"u8))
                    return JsonText.FromEscaped(members.Text.ToArray());
            }
        }
        return default;
    }
}
