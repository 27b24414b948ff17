using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads one candidate of a stream, chunk by chunk.</summary>
/// <param name="index">Its index.</param>
/// <param name="citations">The sources named so far, shared by all candidates.</param>
internal sealed class GeminiCandidateReader(int index, List<Citation> citations)
{
    private ArrayBufferWriter<byte>? _arguments;
    private int _calls;
    private bool _isThinking;

    public int Index => index;

    /// <summary>It has said why it finished.</summary>
    public bool HasStopped { get; private set; }

    public void Read(in GeminiChunkCandidate chunk, ReadOnlySpan<byte> json, IChatEventSink sink)
    {
        ReadOwnMembers(json, sink);
        var parts = new JsonWalk(chunk.Parts);
        while (parts.Next())
        {
            if (parts.IsObject)
                ReadPart(parts.Value, sink);
        }
        if (chunk.FinishReason.IsEmpty || HasStopped)
            return;
        HasStopped = true;
        sink.Take(
            ChatEvent.OfStop(
                index,
                GeminiStopWords.Read(chunk.FinishReason, hasToolCalls: _calls > 0),
                chunk.FinishReason
            )
        );
    }

    private void ReadOwnMembers(ReadOnlySpan<byte> json, IChatEventSink sink)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            // Gemini opens with an empty groundingMetadata.
            if (
                GeminiChunkCandidate.Knows(members)
                || members.IsNull
                || members.Value.SequenceEqual("{}"u8)
            )
                continue;
            sink.Take(
                ChatEvent.OfRaw(
                    GeminiDialect.DialectName,
                    RawScope.Choice,
                    index,
                    members.Name,
                    members.Value
                )
            );
            if (GeminiCitationReader.Knows(members.Name))
                GeminiCitationReader.Tell(members.Value, citations, sink);
            else if (
                members.Is("logprobsResult"u8)
                && GeminiLogProbs.Read(members.Value) is { IsEmpty: false } told
            )
                sink.Take(ChatEvent.OfLogProbs(index, told.Utf8.Span));
        }
    }

    private void ReadPart(ReadOnlySpan<byte> part, IChatEventSink sink)
    {
        var found = new Found(part);
        if (found.IsOther)
        {
            EndThought(sink);
            sink.Take(ChatEvent.OfRawPart(index, GeminiDialect.DialectName, found.Kind, part));
        }
        else if (found.IsThought)
            ReadThought(found, sink);
        else
        {
            if (!found.Signature.IsEmpty)
            {
                EndThought(sink);
                sink.Take(ChatEvent.OfSignature(index, found.Signature, GeminiDialect.DialectName));
            }
            if (!found.Call.IsEmpty)
                ReadCall(found.Call, sink);
            else if (!found.Text.IsEmpty)
                sink.Take(ChatEvent.OfText(index, found.Text));
            // The signature's part is an empty text, and is over.
            else if (!found.Signature.IsEmpty)
                sink.Take(ChatEvent.OfPartEnd(index));
            if (!found.Call.IsEmpty || !found.Text.IsEmpty)
                _isThinking = false;
        }
    }

    private void ReadThought(in Found thought, IChatEventSink sink)
    {
        if (!thought.Text.IsEmpty)
        {
            _isThinking = true;
            sink.Take(ChatEvent.OfReasoning(index, thought.Text));
        }
        if (thought.Signature.IsEmpty)
            return;
        if (_isThinking)
            sink.Take(ChatEvent.OfSignature(index, thought.Signature, GeminiDialect.DialectName));
        else
            sink.Take(ChatEvent.OfRedacted(index, thought.Signature, GeminiDialect.DialectName));
        _isThinking = true;
        EndThought(sink);
    }

    /// <summary>A signature that follows is of what comes then, not of the thoughts before.</summary>
    private void EndThought(IChatEventSink sink)
    {
        if (_isThinking)
            sink.Take(ChatEvent.OfPartEnd(index));
        _isThinking = false;
    }

    private void ReadCall(ReadOnlySpan<byte> call, IChatEventSink sink)
    {
        ReadOnlySpan<byte> id = default;
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> arguments = "{}"u8;
        var members = new JsonWalk(call);
        while (members.Next())
        {
            if (members.IsText && members.Is("id"u8))
                id = members.Text;
            else if (members.IsText && members.Is("name"u8))
                name = members.Text;
            else if (members.IsObject && members.Is("args"u8))
                arguments = members.Value;
        }
        sink.Take(ChatEvent.OfToolCall(index, _calls, id, name));
        sink.Take(ChatEvent.OfToolArguments(index, _calls, Escaped(arguments)));
        _calls++;
    }

    /// <summary>JSON as it stands in a JSON string.</summary>
    private ReadOnlySpan<byte> Escaped(ReadOnlySpan<byte> json)
    {
        _arguments ??= new ArrayBufferWriter<byte>(json.Length + 64);
        _arguments.ResetWrittenCount();
        while (!json.IsEmpty)
        {
            var plain = json.IndexOfAny("\"\\\r\n\t"u8);
            if (plain < 0)
                plain = json.Length;
            _arguments.Write(json[..plain]);
            json = json[plain..];
            if (json.IsEmpty)
                break;
            // White space between tokens means nothing.
            _arguments.Write(
                json[0] switch
                {
                    (byte)'"' => "\\\""u8,
                    (byte)'\\' => "\\\\"u8,
                    _ => " "u8,
                }
            );
            json = json[1..];
        }
        return _arguments.WrittenSpan;
    }

    /// <summary>A part's members in the order they happen to come.</summary>
    private readonly ref struct Found
    {
        public Found(ReadOnlySpan<byte> part)
        {
            var members = new JsonWalk(part);
            while (members.Next())
            {
                if (members.IsText && members.Is("text"u8))
                    Text = members.Text;
                else if (members.Is("thought"u8))
                    IsThought = members.Value.SequenceEqual("true"u8);
                else if (members.IsText && members.Is("thoughtSignature"u8))
                    Signature = members.Text;
                else if (members.IsObject && members.Is("functionCall"u8))
                    Call = members.Value;
                else if (members.IsObject && Kind.IsEmpty)
                    Kind = members.Name;
            }
        }

        public ReadOnlySpan<byte> Text { get; }
        public bool IsThought { get; }
        public ReadOnlySpan<byte> Signature { get; }
        public ReadOnlySpan<byte> Call { get; }
        public ReadOnlySpan<byte> Kind { get; }

        /// <summary>Neither text nor call: an image, code, something new.</summary>
        public bool IsOther => !Kind.IsEmpty && Call.IsEmpty && Text.IsEmpty;
    }
}
