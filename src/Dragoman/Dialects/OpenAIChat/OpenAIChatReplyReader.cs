using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads a whole chat completion as providers really send it: what is odd is carried, not refused.</summary>
internal static class OpenAIChatReplyReader
{
    /// <summary>Reads a body; the reply's slices live as long as the body's buffer.</summary>
    /// <param name="body">The body of an answer with status 200.</param>
    /// <param name="reasoningOutsideCompletion">See <see cref="OpenAIUsageReader.Read"/>.</param>
    /// <param name="reply">The reply; null where there is none.</param>
    /// <param name="error">What the provider said went wrong, or that its answer is none.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        bool reasoningOutsideCompletion,
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
            reply = json.IsObject
                ? new ReplyInReading(reasoningOutsideCompletion).Read(ref json)
                : null;
            json.Leave();
        }
        catch (JsonException)
        {
            reply = null;
        }
        if (reply is not null)
            return true;
        error = OpenAIErrorReader.Read(body.Span);
        return false;
    }

    /// <summary>What has been found of a reply so far.</summary>
    private ref struct ReplyInReading(bool reasoningOutsideCompletion)
    {
        private readonly List<Citation> _citations = [];
        private readonly List<ChatChoice> _choices = [];
        private RawFields _raw = new(OpenAIChatDialect.DialectName);
        private ChatReply _reply = new();
        private bool _isError;
        private string? _tier;

        /// <summary>Reads the object; null where it is no chat completion but an error, or nothing of the kind.</summary>
        public ChatReply? Read(ref JsonCursor json)
        {
            var hasChoices = false;
            while (json.NextMember())
            {
                hasChoices |= json.IsList && json.Is("choices"u8);
                ReadMember(ref json);
            }
            if (_isError || !hasChoices)
                return null;
            return _reply with
            {
                Usage =
                    _tier is null ? _reply.Usage
                    : _reply.Usage is { } usage ? usage with { ServiceTier = _tier }
                    : null,
                Choices = _choices,
                Citations = _citations,
                Raw = _raw.ToList(),
            };
        }

        private void ReadMember(ref JsonCursor json)
        {
            if (json.Is("error"u8) && !json.IsNull)
            {
                _isError = true;
                json.Skip();
            }
            else if (json.Is("object"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref _raw);
            else if (json.Is("id"u8))
                _reply = _reply with { Id = json.Text(ref _raw) };
            else if (json.Is("model"u8))
                _reply = _reply with { Model = json.Text(ref _raw) };
            else if (json.Is("created"u8))
                _reply = _reply with { Created = json.Integer(ref _raw) };
            else if (json.IsList && json.Is("choices"u8))
                ReadChoices(ref json);
            else if (json.Is("usage"u8))
                ReadUsage(ref json);
            else
            {
                if (json.Is("service_tier"u8))
                    _tier =
                        json.ValueIs("flex"u8) ? "flex"
                        : json.ValueIs("priority"u8) ? "priority"
                        : null;
                Carry(ref json, ref _raw);
            }
        }

        private void ReadUsage(ref JsonCursor json)
        {
            var value = json.TakeJson();
            var reader = new Utf8JsonReader(value.Utf8.Span);
            reader.Read();
            _reply = _reply with
            {
                Usage = OpenAIUsageReader.Read(ref reader, reasoningOutsideCompletion),
                RawUsage = new RawField(
                    OpenAIChatDialect.DialectName,
                    null,
                    JsonText.Of("usage"),
                    value
                ),
            };
        }

        private void ReadChoices(ref JsonCursor json)
        {
            while (json.NextItem())
            {
                if (json.IsObject)
                    ReadChoice(ref json);
                else
                    json.Skip();
            }
        }

        private void ReadChoice(ref JsonCursor json)
        {
            var raw = new RawFields(OpenAIChatDialect.DialectName);
            var choice = new ChatChoice(_choices.Count, new Message(MessageRole.Assistant, []));
            while (json.NextMember())
            {
                if (json.IsObject && json.Is("message"u8))
                    choice = choice with { Message = OpenAIMessageReader.Read(ref json)! };
                else if (json.Is("index"u8) && json.IsNumber)
                    choice = choice with
                    {
                        Index = (int?)json.Integer(ref raw, 0, int.MaxValue) ?? choice.Index,
                    };
                else if (json.Is("finish_reason"u8) && json.IsText)
                    choice = choice with { StopWord = json.TakeText() };
                else if (json.Is("logprobs"u8) && json.IsObject)
                    choice = choice with { LogProbs = json.TakeJson() };
                else
                    json.Carry(ref raw);
            }
            foreach (var field in choice.Message.Raw)
                ReadCitations(field);
            var hasToolCalls = choice.Message.Parts.Any(part => part is ToolCallPart);
            _choices.Add(
                choice with
                {
                    Stop = choice.StopWord is { } word
                        ? OpenAIStopWords.Read(word.Escaped.Span, hasToolCalls)
                        : StopReason.Unknown,
                    Raw = raw.ToList(),
                }
            );
        }

        private readonly void Carry(ref JsonCursor json, ref RawFields raw)
        {
            json.Carry(ref raw);
            ReadCitations(raw.ToList()[^1]);
        }

        private readonly void ReadCitations(RawField field)
        {
            if (OpenAICitationReader.Knows(field.Name.Escaped.Span))
                OpenAICitationReader.Read(field.Value.Utf8.Span, _citations);
        }
    }
}
