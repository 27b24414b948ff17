using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Reads a streamed chat completion as it comes, in whatever pieces, and hands its events to a sink. Never throws; a malformed
/// chunk amid a sound stream is passed over and counted.
/// </summary>
/// <param name="reasoningOutsideCompletion">See <see cref="OpenAIUsageReader.Read"/>.</param>
internal sealed class OpenAIChatStreamReader(bool reasoningOutsideCompletion)
{
    private readonly List<OpenAIChoiceReader> _choices = [];
    private readonly List<Citation> _citations = [];
    private SseFramer _framer;
    private byte[] _buffer = [];
    private int _buffered;
    private TokenUsage? _usage;
    private byte[] _usageJson = [];
    private int _usageLength;
    private int _citationsLength;
    private bool _hasStarted;

    /// <summary>An end or an error has been told; what follows is passed over.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>How many chunks were no JSON object.</summary>
    public int MalformedChunks { get; private set; }

    /// <summary>Takes the next bytes of the body, cut anywhere.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, IChatEventSink sink)
    {
        if (HasEnded)
            return;
        Keep(bytes);
        var taken = 0;
        while (!HasEnded)
        {
            var length = _framer.NextEvent(_buffer.AsSpan(taken.._buffered));
            if (length == 0)
                break;
            Read(SseEvent.Parse(_buffer.AsSpan(taken, length)), sink);
            taken += length;
        }
        _buffer.AsSpan(taken.._buffered).CopyTo(_buffer);
        _buffered -= taken;
        if (_buffered > SseFramer.MaxEventBytes)
            Fail(
                sink,
                new GatewayError(
                    GatewayErrorKind.Upstream,
                    "The provider sent an event of more than 16 MB."
                )
                {
                    Code = "event_too_large",
                }
            );
    }

    /// <summary>Takes one event that has been framed elsewhere.</summary>
    public void Read(SseEvent sse, IChatEventSink sink)
    {
        if (HasEnded || !sse.HasData || sse.Data.IsEmpty)
            return;
        if (sse.IsDone)
            End(sink);
        else if (OpenAIChatChunk.TryRead(sse.Data, out var chunk))
            ReadChunk(chunk, sse.Data, sink);
        else
            MalformedChunks++;
    }

    /// <summary>
    /// Tells that the body has ended. Without a terminator that is sound only where every choice said why it stopped (some servers
    /// send no <c>[DONE]</c>); otherwise the stream was cut.
    /// </summary>
    public void Complete(IChatEventSink sink)
    {
        if (!HasEnded && _buffered > 0)
        {
            Read(SseEvent.Parse(_buffer.AsSpan(0, _buffered)), sink);
            _buffered = 0;
        }
        if (HasEnded)
            return;
        if (_choices.Count > 0 && _choices.TrueForAll(choice => choice.HasStopped))
            End(sink);
        else
            Fail(
                sink,
                new GatewayError(
                    GatewayErrorKind.Upstream,
                    "The provider's stream ended before its answer did."
                )
                {
                    Code = "stream_cut",
                }
            );
    }

    private void ReadChunk(in OpenAIChatChunk chunk, ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        ReadOwnMembers(data, sink);
        var choices = new JsonWalk(chunk.Choices);
        var hasChoices = choices.Next();
        // Azure opens with a chunk that has neither: the answer's own id comes with the next.
        if (!_hasStarted && (hasChoices || !chunk.Id.IsEmpty))
        {
            _hasStarted = true;
            sink.Take(ChatEvent.OfStart(chunk.Id, chunk.Model, chunk.Created));
        }
        for (; hasChoices; hasChoices = choices.Next())
        {
            var choice = new OpenAIChatChunkChoice(choices.Value);
            ChoiceOf(choice.Index).Read(choice, choices.Value, chunk.IsDone, sink);
        }
        if (!chunk.Usage.IsEmpty)
            NoteUsage(chunk.Usage);
        if (!chunk.Error.IsEmpty)
            Fail(sink, ErrorOf(chunk.Error));
        else if (chunk.IsDone)
            End(sink);
    }

    private void ReadOwnMembers(ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        var members = new JsonWalk(data);
        while (members.Next())
        {
            if (OpenAIChatChunk.Knows(members))
                continue;
            sink.Take(
                ChatEvent.OfRaw(
                    OpenAIChatDialect.DialectName,
                    RawScope.Reply,
                    0,
                    members.Name,
                    members.Value
                )
            );
            // Perplexity repeats its sources in every chunk.
            if (
                OpenAICitationReader.Knows(members.Name)
                && members.Value.Length != _citationsLength
            )
            {
                _citationsLength = members.Value.Length;
                OpenAICitationReader.Tell(members.Value, _citations, sink);
            }
        }
    }

    private OpenAIChoiceReader ChoiceOf(int index)
    {
        foreach (var known in _choices)
        {
            if (known.Index == index)
                return known;
        }
        var choice = new OpenAIChoiceReader(index, _citations);
        _choices.Add(choice);
        return choice;
    }

    /// <summary>Usage may come in every chunk and grow (Perplexity): the last one stands.</summary>
    private void NoteUsage(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (OpenAIUsageReader.Read(ref reader, reasoningOutsideCompletion) is not { } usage)
            return;
        _usage = usage;
        if (_usageJson.Length < json.Length)
            _usageJson = new byte[json.Length];
        json.CopyTo(_usageJson);
        _usageLength = json.Length;
    }

    private void TellUsage(IChatEventSink sink)
    {
        if (_usage is { } usage)
            sink.Take(
                ChatEvent.OfUsage(
                    usage,
                    _usageJson.AsSpan(0, _usageLength),
                    OpenAIChatDialect.DialectName
                )
            );
    }

    private void End(IChatEventSink sink)
    {
        if (_choices.Exists(choice => choice.HasFailed))
        {
            Fail(
                sink,
                new GatewayError(
                    GatewayErrorKind.Upstream,
                    "The provider gave up its answer without saying why."
                )
            );
            return;
        }
        HasEnded = true;
        TellUsage(sink);
        sink.Take(ChatEvent.OfEnd());
    }

    private void Fail(IChatEventSink sink, GatewayError error)
    {
        HasEnded = true;
        TellUsage(sink);
        sink.Take(ChatEvent.OfError(error));
    }

    private static GatewayError ErrorOf(ReadOnlySpan<byte> value)
    {
        byte[] body = [.. """{"error":"""u8, .. value, (byte)'}'];
        var error = OpenAIErrorReader.Read(body);
        return error.ToGatewayError() with
        {
            UpstreamBody = error.IsCanonicalShape ? body : default,
        };
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length < _buffered + bytes.Length)
            Array.Resize(ref _buffer, Math.Max(_buffered + bytes.Length, _buffer.Length * 2));
        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }
}
