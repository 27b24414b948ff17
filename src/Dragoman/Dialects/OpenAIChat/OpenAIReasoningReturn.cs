using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>The reasoning of earlier turns on its way back: each vendor of this dialect wants it elsewhere, or not at all.</summary>
internal sealed class OpenAIReasoningReturn(Utf8JsonWriter json, OpenAITarget target)
{
    private readonly List<Part> _content = [];
    private readonly List<ReasoningPart> _reasoning = [];
    private Message _message = Message.OfText(MessageRole.User, "");
    private bool _hasCalls;

    private ReasoningReturn Way =>
        target.Habits.ReasoningReturn is ReasoningReturn.Reasoning && !target.Reasons
            // Groq: "reasoning is not supported with this model" (github.com/vercel/ai pull 8057, 2025-08).
            ? ReasoningReturn.None
            : target.Habits.ReasoningReturn;

    /// <summary>The parts of the message as they are to be written.</summary>
    public IReadOnlyList<Part> Content => _content;

    /// <summary>Takes a message; names what of its reasoning cannot go along.</summary>
    public void Begin(Message message, List<Part> parts, string where)
    {
        _message = message;
        _content.Clear();
        _reasoning.Clear();
        _hasCalls = parts.Exists(static part => part is ToolCallPart);
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not ReasoningPart reasoning)
                _content.Add(parts[i]);
            else if (!IsShownOnCall(reasoning, i + 1 < parts.Count ? parts[i + 1] : null))
                _reasoning.Add(reasoning);
        }
        if (_reasoning.Count == 0)
            return;
        if (Way is ReasoningReturn.AsCame or ReasoningReturn.Parts)
        {
            // In the content, where this dialect has such parts.
            var listed = _reasoning.Where(part =>
                part.WireName == "thinking" || (Way is ReasoningReturn.Parts && !part.Text.IsEmpty)
            );
            _content.InsertRange(
                0,
                listed.Select(static part => part with { WireName = "thinking" })
            );
        }
        if (_reasoning.Exists(part => !Goes(part)))
            target.Losses.Add($"{where} (reasoning)");
    }

    /// <summary>Writes what stands beside the content.</summary>
    public void WriteMembers()
    {
        switch (Way)
        {
            case ReasoningReturn.AsCame:
                WriteText("reasoning"u8, Named("reasoning"));
                WriteText("reasoning_content"u8, Named("reasoning_content"));
                break;
            case ReasoningReturn.ContentOfToolTurns when _hasCalls:
                DialectJson.Write(
                    json,
                    "reasoning_content"u8,
                    OpenAIMessageWriter.Join(_reasoning) ?? default
                );
                break;
            case ReasoningReturn.Reasoning:
                WriteText("reasoning"u8, _reasoning);
                break;
            case ReasoningReturn.Details
                when !OpenAIJson.Has(_message.Raw, null, "reasoning_details"u8):
                OpenAIReasoningDetails.WriteForProvider(json, _reasoning);
                break;
            case ReasoningReturn.Wrapped:
                WriteWrapped();
                break;
        }
    }

    /// <summary>Whether a member that was carried is not to be said to this target.</summary>
    public bool Withholds(in RawField field)
    {
        if (field.Dialect != OpenAIChatDialect.DialectName || field.Parent is not null)
            return false;
        if (field.Name.Is("reasoning_details"u8))
            return Way is not (ReasoningReturn.AsCame or ReasoningReturn.Details);
        return (field.Name.Is("reasoning"u8) || field.Name.Is("reasoning_content"u8))
            && Way is not ReasoningReturn.AsCame;
    }

    /// <summary>The call without the signature on it, unless that goes along.</summary>
    public ToolCallPart Withhold(ToolCallPart call) =>
        Way is ReasoningReturn.AsCame || !OpenAIJson.Has(call.Raw, null, "extra_content"u8)
            ? call
            : call with
            {
                Raw =
                [
                    .. call.Raw.Where(static field =>
                        field.Parent is not null || !field.Name.Is("extra_content"u8)
                    ),
                ],
            };

    /// <summary>The signature that stands on the call at <paramref name="index"/>; null where none does.</summary>
    public ReasoningPart? VouchingFor(List<Part> parts, int index) =>
        Way is ReasoningReturn.Wrapped
        && index > 0
        && OpenAIThoughtSignature.Vouches(parts[index - 1], parts[index])
            ? (ReasoningPart)parts[index - 1]
            : null;

    private void WriteWrapped()
    {
        WriteText("reasoning_content"u8, _reasoning.Where(static part => !part.IsRedacted));
        if (!_reasoning.Exists(static part => part.Signature is not null))
            return;
        json.WriteStartArray("reasoning_details"u8);
        for (var i = 0; i < _reasoning.Count; i++)
            OpenAIReasoningDetails.WriteForClient(json, _reasoning[i], i);
        json.WriteEndArray();
    }

    private bool Goes(ReasoningPart part) =>
        Way switch
        {
            ReasoningReturn.Wrapped => true,
            ReasoningReturn.AsCame => part.WireName is not null,
            ReasoningReturn.None => false,
            ReasoningReturn.ContentOfToolTurns => _hasCalls && !part.Text.IsEmpty,
            ReasoningReturn.Details => !part.Text.IsEmpty
                || part.SignatureOf == OpenAIChatDialect.DialectName,
            _ => !part.Text.IsEmpty,
        };

    private IEnumerable<ReasoningPart> Named(string name) =>
        _reasoning.Where(part => part.WireName == name);

    private void WriteText(ReadOnlySpan<byte> name, IEnumerable<ReasoningPart> parts)
    {
        if (OpenAIJson.Has(_message.Raw, null, name) && Way is ReasoningReturn.AsCame)
            return;
        if (OpenAIMessageWriter.Join(parts) is { } text)
            DialectJson.Write(json, name, text);
        else if (Way is ReasoningReturn.AsCame && parts.Any())
            DialectJson.Write(json, name, default(JsonText));
    }

    /// <summary>A signature that stands on its call rather than beside it.</summary>
    private bool IsShownOnCall(ReasoningPart part, Part? next) =>
        OpenAIThoughtSignature.Vouches(part, next)
        && (
            Way is ReasoningReturn.Wrapped
            || (Way is ReasoningReturn.AsCame && OpenAIJson.Has(next!.Raw, null, "extra_content"u8))
        );
}
