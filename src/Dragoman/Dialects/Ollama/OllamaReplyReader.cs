using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Reads a whole answer of chat or of generate: what is odd is carried, not refused.</summary>
internal static class OllamaReplyReader
{
    /// <summary>Reads a body; the reply's slices live as long as the body's buffer.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
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
            reply = json.IsObject ? Read(ref json) : null;
            json.Leave();
        }
        catch (JsonException)
        {
            reply = null;
        }
        if (reply is not null)
            return true;
        error = OllamaErrorReader.Read(body.Span);
        return false;
    }

    private static ChatReply? Read(ref JsonCursor json)
    {
        var found = new Found { Raw = new RawFields(OllamaDialect.DialectName) };
        while (json.NextMember())
            ReadMember(ref json, ref found);
        return found.ToReply();
    }

    private static void ReadMember(ref JsonCursor json, ref Found found)
    {
        if (json.Is("error"u8) && !json.IsNull)
        {
            found.IsError = true;
            json.Skip();
        }
        else if (json.IsNull)
            json.Carry(ref found.Raw);
        else if (json.Is("model"u8))
            found.Model = json.Text(ref found.Raw);
        else if (json.IsText && json.Is("created_at"u8))
        {
            found.Created = OllamaTime.Seconds(json.TakeText().Escaped.Span);
            json.Carry(ref found.Raw);
        }
        else if (json.IsObject && json.Is("message"u8))
            found.Message = OllamaMessageReader.Read(ref json);
        else if (json.IsText && json.Is("response"u8))
            found.Response = json.TakeText();
        else if (json.IsText && json.Is("thinking"u8) && !json.ValueIs(""u8))
            found.Thinking = json.TakeText();
        else if (json.IsList && json.Is("tool_calls"u8))
            OllamaToolReader.ReadCalls(ref json, ref found.ToolCalls, ref found.Raw);
        else if (json.Is("done"u8) && json.Flag(ref found.Raw) is not null)
            return;
        else if (json.IsText && json.Is("done_reason"u8) && !json.ValueIs(""u8))
            found.Word = json.TakeText();
        else if (json.IsList && json.Is("logprobs"u8))
            found.LogProbs = json.TakeJson();
        else if (json.IsNumber && json.Is("prompt_eval_count"u8))
            found.Usage.Prompt = json.Integer(ref found.Raw, least: 0);
        else if (json.IsNumber && json.Is("prompt_eval_cached_count"u8))
            found.Usage.Cached = json.Integer(ref found.Raw, least: 0);
        else if (json.IsNumber && json.Is("eval_count"u8))
            found.Usage.Eval = json.Integer(ref found.Raw, least: 0);
        else
            json.Carry(ref found.Raw);
    }

    /// <summary>An answer's pieces in the order they happen to come.</summary>
    private ref struct Found
    {
        public bool IsError;
        public JsonText? Model;
        public long? Created;
        public Message? Message;
        public JsonText? Response;
        public JsonText? Thinking;
        public List<Part>? ToolCalls;
        public JsonText? Word;
        public RawJson LogProbs;
        public OllamaUsage Usage;
        public RawFields Raw;

        public readonly ChatReply? ToReply()
        {
            if (IsError || (Message is null && Response is null))
                return null;
            var message = Message ?? Generated();
            var stop = OllamaStopWords.Read(
                Word.GetValueOrDefault().Escaped.Span,
                message.Parts.Any(static part => part is ToolCallPart)
            );
            return new ChatReply
            {
                Model = Model,
                Created = Created,
                Usage = Usage.ToUsage(),
                Raw = Raw.ToList(),
                Choices =
                [
                    new ChatChoice(0, message)
                    {
                        Stop = stop,
                        // "stop" is no word for it, and other dialects would take it for theirs.
                        StopWord = stop is StopReason.ToolCalls ? null : Word,
                        LogProbs = LogProbs.IsEmpty
                            ? default
                            : new RawJson(OllamaLogProbs.Wrap(LogProbs.Utf8.Span)),
                    },
                ],
            };
        }

        private readonly Message Generated()
        {
            var parts = new List<Part>();
            if (Thinking is { } thinking)
                parts.Add(new ReasoningPart(thinking));
            if (Response is { IsEmpty: false } text)
                parts.Add(new TextPart(text));
            parts.AddRange(ToolCalls ?? []);
            return new Message(MessageRole.Assistant, parts) { IsBareText = true };
        }
    }
}
