using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Writes a streamed answer: each chunk a whole response, a function call in one part, and the reason for the end, with the usage, in
/// the last chunk, which goes out only after a sound end.
/// </summary>
/// <param name="output">Where it goes; after each event it holds whole chunks.</param>
/// <param name="framing">What stands around chunks; of this stream alone.</param>
/// <param name="fallback">Stands in for what the provider did not say.</param>
internal sealed class GeminiStreamWriter(
    IBufferWriter<byte> output,
    GeminiFraming framing,
    ReplyFallback fallback
) : IChatEventSink
{
    private readonly GeminiChunkWriter _chunks = new(output, framing);
    private readonly List<GeminiCandidateWriter> _candidates = [];
    private readonly List<Citation> _citations = [];
    private bool _isBlocked;
    private bool _hasHead;
    private bool _hasEnded;

    public void Take(in ChatEvent chatEvent)
    {
        if (_hasEnded)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                SetHead(chatEvent.Id, chatEvent.Name);
                break;
            case ChatEventKind.Raw when chatEvent.Dialect != GeminiDialect.DialectName:
                break;
            case ChatEventKind.Raw when chatEvent.Scope is RawScope.Reply:
                _isBlocked |= chatEvent.Name.SequenceEqual("promptFeedback"u8);
                _chunks.SetOwn(chatEvent.Name, chatEvent.Json);
                break;
            case ChatEventKind.Usage:
                _chunks.SetUsage(chatEvent);
                break;
            case ChatEventKind.Citation:
                // The source's own field is carried beside it.
                if (chatEvent.Dialect != GeminiDialect.DialectName)
                    Note(chatEvent);
                break;
            case ChatEventKind.Error:
                // Told by whoever knows whether it is the last word.
                _hasEnded = true;
                break;
            case ChatEventKind.End:
                _hasEnded = true;
                WriteEnd();
                break;
            case ChatEventKind.LogProbs:
                break;
            default:
                EnsureHead();
                CandidateOf(chatEvent.Choice).Take(chatEvent);
                break;
        }
    }

    private void Note(in ChatEvent citation) =>
        _citations.Add(
            new Citation(JsonText.FromEscaped(citation.Text.ToArray()))
            {
                Title = citation.Name.IsEmpty
                    ? null
                    : JsonText.FromEscaped(citation.Name.ToArray()),
                Quote = citation.Id.IsEmpty ? null : JsonText.FromEscaped(citation.Id.ToArray()),
            }
        );

    private void WriteEnd()
    {
        EnsureHead();
        foreach (var candidate in _candidates)
            candidate.Flush();
        // A blocked prompt has feedback in place of candidates.
        var isBlocked = _isBlocked && _candidates.TrueForAll(static one => one.IsEmpty);
        _chunks.WriteLast(isBlocked ? [] : _candidates, _citations);
        framing.Close(output);
    }

    private void EnsureHead()
    {
        if (!_hasHead)
            SetHead(default, default);
    }

    private void SetHead(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model)
    {
        _hasHead = true;
        _chunks.SetTail(
            id.IsEmpty ? fallback.Id.Escaped.Span : id,
            model.IsEmpty ? fallback.Model.Escaped.Span : model
        );
    }

    private GeminiCandidateWriter CandidateOf(int index)
    {
        foreach (var known in _candidates)
        {
            if (known.Index == index)
                return known;
        }
        var candidate = new GeminiCandidateWriter(index, _chunks);
        _candidates.Add(candidate);
        return candidate;
    }
}
