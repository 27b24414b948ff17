using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Reads a whole generateContent answer. A prompt that was blocked (<c>promptFeedback</c> and no candidate) is an answer whose one
/// choice was stopped by the content filter: Gemini tells it with status 200, and so it is told on.
/// </summary>
internal static class GeminiReplyReader
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
            reply = json.IsObject ? new ReplyInReading().Read(ref json) : null;
            json.Leave();
        }
        catch (JsonException)
        {
            reply = null;
        }
        if (reply is not null)
            return true;
        error = GeminiErrorReader.Read(body.Span);
        return false;
    }

    /// <summary>What has been found of a reply so far.</summary>
    private ref struct ReplyInReading()
    {
        private readonly List<Citation> _citations = [];
        private readonly List<ChatChoice> _choices = [];
        private RawFields _raw = new(GeminiDialect.DialectName);
        private ChatReply _reply = new();
        private RawJson _feedback;
        private bool _hasCandidates;
        private bool _isError;

        /// <summary>Reads the object; null where it is no answer but an error, or nothing of the kind.</summary>
        public ChatReply? Read(ref JsonCursor json)
        {
            while (json.NextMember())
                ReadMember(ref json);
            var isBlocked = _choices.Count == 0 && !_feedback.IsEmpty;
            if (_isError || !(_hasCandidates || isBlocked))
                return null;
            if (isBlocked)
                _choices.Add(Blocked());
            return _reply with { Choices = _choices, Citations = _citations, Raw = _raw.ToList() };
        }

        private void ReadMember(ref JsonCursor json)
        {
            if (json.Is("error"u8) && !json.IsNull)
            {
                _isError = true;
                json.Skip();
            }
            else if (json.IsNull)
                json.Carry(ref _raw);
            else if (json.Is("responseId"u8))
                _reply = _reply with { Id = json.Text(ref _raw) };
            else if (json.Is("modelVersion"u8))
                _reply = _reply with { Model = json.Text(ref _raw) };
            else if (json.IsList && json.Is("candidates"u8))
                ReadCandidates(ref json);
            else if (json.IsObject && json.Is("usageMetadata"u8))
                ReadUsage(ref json);
            else
            {
                if (json.IsObject && json.Is("promptFeedback"u8))
                    _feedback = json.PeekJson();
                json.Carry(ref _raw);
            }
        }

        private void ReadUsage(ref JsonCursor json)
        {
            var value = json.TakeJson();
            _reply = _reply with
            {
                Usage = GeminiUsageReader.Read(value.Utf8.Span),
                RawUsage = new RawField(
                    GeminiDialect.DialectName,
                    null,
                    JsonText.Of("usageMetadata"),
                    value
                ),
            };
        }

        private void ReadCandidates(ref JsonCursor json)
        {
            _hasCandidates = !json.IsEmptyList;
            while (json.NextItem())
            {
                if (json.IsObject)
                    ReadCandidate(ref json);
                else
                    json.Skip();
            }
        }

        private void ReadCandidate(ref JsonCursor json)
        {
            var raw = new RawFields(GeminiDialect.DialectName);
            var choice = new ChatChoice(_choices.Count, new Message(MessageRole.Assistant, []));
            var (hasIndex, hasContent) = (false, false);
            while (json.NextMember())
            {
                if (json.IsObject && json.Is("content"u8))
                {
                    hasContent = true;
                    choice = choice with
                    {
                        Message = GeminiContentReader.Read(
                            ref json,
                            MessageRole.Assistant,
                            ids: null
                        )!,
                    };
                }
                else if (json.Is("index"u8) && json.IsNumber)
                {
                    hasIndex = true;
                    choice = choice with
                    {
                        Index = (int?)json.Integer(ref raw, 0, int.MaxValue) ?? choice.Index,
                    };
                }
                else if (json.Is("finishReason"u8) && json.IsText)
                    choice = choice with { StopWord = json.TakeText() };
                else
                    json.Carry(ref raw);
            }
            var fields = raw.ToList();
            foreach (var field in fields)
            {
                if (field.Name.Is("logprobsResult"u8))
                    choice = choice with { LogProbs = GeminiLogProbs.Read(field.Value.Utf8.Span) };
                if (GeminiCitationReader.Knows(field.Name.Escaped.Span))
                    GeminiCitationReader.Read(field.Value.Utf8.Span, _citations);
            }
            if (!hasIndex)
                fields = GeminiJson.Marked(fields, "noIndex");
            if (!hasContent)
                fields = GeminiJson.Marked(fields, "noContent");
            var hasToolCalls = choice.Message.Parts.Any(static part => part is ToolCallPart);
            _choices.Add(
                choice with
                {
                    Stop = choice.StopWord is { } word
                        ? GeminiStopWords.Read(word.Escaped.Span, hasToolCalls)
                        : StopReason.Unknown,
                    Raw = fields,
                }
            );
        }

        private readonly ChatChoice Blocked()
        {
            JsonText? word = null;
            var members = new JsonWalk(_feedback.Utf8.Span);
            while (members.Next())
            {
                if (members.IsText && members.Is("blockReason"u8))
                    word = JsonText.FromEscaped(members.Text.ToArray());
            }
            return new ChatChoice(0, new Message(MessageRole.Assistant, []))
            {
                Stop = StopReason.ContentFilter,
                StopWord = word,
                Raw = [GeminiJson.Mark("blocked")],
            };
        }
    }
}
