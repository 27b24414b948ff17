using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Reads a streamed answer, each chunk of which is a whole response. Its end is not said: it is there when the body ends after every
/// candidate told why it finished.
/// </summary>
internal sealed class GeminiStreamReader : ChatStreamReader
{
    private readonly List<GeminiCandidateReader> _candidates = [];
    private readonly List<Citation> _citations = [];
    private byte[] _usage = [];
    private int _usageLength;
    private bool _hasStarted;
    private bool _isBlocked;

    public override void Read(ReadOnlySpan<byte> rawEvent, IChatEventSink sink)
    {
        if (HasEnded)
            return;
        var sse = SseEvent.Parse(rawEvent);
        // An error amid a stream may come bare.
        var data = sse.HasData ? sse.Data : rawEvent.Trim(" \r\n\t"u8);
        if (data.IsEmpty || (!sse.HasData && data[0] is not ((byte)'{' or (byte)'[')))
            return;
        if (IsSound(data))
            ReadChunk(data, sink);
        else
            MalformedEvents++;
    }

    public override void Complete(IChatEventSink sink)
    {
        if (HasEnded)
            return;
        HasEnded = true;
        TellUsage(sink);
        if (
            _isBlocked
            || (_candidates.Count > 0 && _candidates.TrueForAll(static one => one.HasStopped))
        )
            sink.Take(ChatEvent.OfEnd());
        else
            sink.Take(ChatEvent.OfError(Cut));
    }

    private static bool IsSound(ReadOnlySpan<byte> data)
    {
        try
        {
            var json = new Utf8JsonReader(
                data,
                new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            json.Read();
            if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                return false;
            while (json.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReadChunk(ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        var chunk = new GeminiChunk(data);
        if (!chunk.Error.IsEmpty || data[0] == (byte)'[')
        {
            Fail(data, sink);
            return;
        }
        if (!_hasStarted)
        {
            _hasStarted = true;
            sink.Take(ChatEvent.OfStart(chunk.Id, chunk.Model));
        }
        TellOwnMembers(data, sink);
        if (!chunk.Usage.IsEmpty)
            NoteUsage(chunk.Usage);
        var candidates = new JsonWalk(chunk.Candidates);
        while (candidates.Next())
        {
            var candidate = new GeminiChunkCandidate(candidates.Value);
            CandidateOf(candidate.Index).Read(candidate, candidates.Value, sink);
        }
        if (
            _candidates.Count == 0
            && !_isBlocked
            && BlockReason(chunk.Feedback) is { IsEmpty: false } reason
        )
        {
            _isBlocked = true;
            sink.Take(ChatEvent.OfStop(0, StopReason.ContentFilter, reason));
        }
    }

    private static void TellOwnMembers(ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        var members = new JsonWalk(data);
        while (members.Next())
        {
            if (!GeminiChunk.Knows(members))
                sink.Take(
                    ChatEvent.OfRaw(
                        GeminiDialect.DialectName,
                        RawScope.Reply,
                        0,
                        members.Name,
                        members.Value
                    )
                );
        }
    }

    private static ReadOnlySpan<byte> BlockReason(ReadOnlySpan<byte> feedback)
    {
        var members = new JsonWalk(feedback);
        while (members.Next())
        {
            if (members.IsText && members.Is("blockReason"u8))
                return members.Text;
        }
        return default;
    }

    private GeminiCandidateReader CandidateOf(int index)
    {
        foreach (var known in _candidates)
        {
            if (known.Index == index)
                return known;
        }
        var candidate = new GeminiCandidateReader(index, _citations);
        _candidates.Add(candidate);
        return candidate;
    }

    /// <summary>Every chunk tells the usage so far: the last one stands.</summary>
    private void NoteUsage(ReadOnlySpan<byte> json)
    {
        if (_usage.Length < json.Length)
            _usage = new byte[json.Length + 64];
        json.CopyTo(_usage);
        _usageLength = json.Length;
    }

    private void TellUsage(IChatEventSink sink)
    {
        var json = _usage.AsSpan(0, _usageLength);
        if (GeminiUsageReader.Read(json) is { } usage)
            sink.Take(ChatEvent.OfUsage(usage, json, GeminiDialect.DialectName));
    }

    private void Fail(ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        HasEnded = true;
        TellUsage(sink);
        var error = GeminiErrorReader.Read(data);
        sink.Take(
            ChatEvent.OfError(
                error.ToGatewayError() with
                {
                    UpstreamBody = error.IsCanonicalShape ? data.ToArray() : default,
                }
            )
        );
    }
}
