using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads a streamed chat completion, chunk by chunk.</summary>
/// <param name="reasoningOutsideCompletion">See <see cref="OpenAIUsageReader.Read"/>.</param>
internal sealed class OpenAIChatStreamReader(bool reasoningOutsideCompletion) : ChatStreamReader
{
    private readonly List<OpenAIChoiceReader> _choices = [];
    private readonly List<Citation> _citations = [];
    private TokenUsage? _usage;
    private string? _tier;
    private byte[] _usageJson = [];
    private int _usageLength;
    private int _citationsLength;
    private bool _hasStarted;

    public override void Read(ReadOnlySpan<byte> rawEvent, IChatEventSink sink)
    {
        var sse = SseEvent.Parse(rawEvent);
        if (HasEnded || !sse.HasData || sse.Data.IsEmpty)
            return;
        if (sse.IsDone)
            End(sink);
        else if (OpenAIChatChunk.TryRead(sse.Data, out var chunk))
            ReadChunk(chunk, sse.Data, sink);
        else
            MalformedEvents++;
    }

    /// <summary>
    /// Tells that the body has ended. Without a terminator that is sound only where every choice said why it stopped (some servers
    /// send no <c>[DONE]</c>); otherwise the stream was cut.
    /// </summary>
    public override void Complete(IChatEventSink sink)
    {
        if (HasEnded)
            return;
        if (_choices.Count > 0 && _choices.TrueForAll(choice => choice.HasStopped))
            End(sink);
        else
            Fail(sink, Cut);
    }

    private void ReadChunk(in OpenAIChatChunk chunk, ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        if (chunk.HasOwnMembers)
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
        _tier = OpenAIServiceTier.Of(chunk.ServiceTier) ?? _tier;
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
                    _tier is null ? usage : usage with { ServiceTier = _tier },
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
}
