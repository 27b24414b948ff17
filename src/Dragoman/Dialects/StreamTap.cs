using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>What an event of a relayed stream is to the one who relays it.</summary>
public enum StreamPiece
{
    /// <summary>Passes on, but is no content (a role, a null).</summary>
    Other,

    /// <summary>A comment: it passes on while the answer flows, and is not kept for later.</summary>
    Comment,

    /// <summary>Text, reasoning, a tool call or an end: from here on the answer has begun.</summary>
    Content,

    /// <summary>Usage that only we asked for.</summary>
    UsageOnly,

    /// <summary>An event that is no valid JSON.</summary>
    Malformed,

    /// <summary>The provider's error in the stream; see <see cref="StreamTap.Error"/>.</summary>
    Error,

    /// <summary>The terminator.</summary>
    Done,
}

/// <summary>Watches a stream flow by, event by event, and notes what the record needs; it changes nothing.</summary>
public abstract class StreamTap
{
    /// <summary>The last usage the provider told; a later one replaces an earlier one.</summary>
    public TokenUsage? Usage { get; protected set; }

    /// <summary>The service tier it is served with, where that has prices of its own.</summary>
    public string? ServiceTier { get; protected set; }

    /// <summary>A finish reason was seen for every choice that had content.</summary>
    public bool Finished { get; protected set; }

    /// <summary>The terminator was seen.</summary>
    public bool Done { get; protected set; }

    /// <summary>The provider's error, once an event was <see cref="StreamPiece.Error"/>.</summary>
    public UpstreamError? Error { get; protected set; }

    /// <summary>Text, reasoning and tool arguments so far in tokens, as we estimate them: for streams that tell no usage.</summary>
    public long EstimatedTokens => Estimate.Tokens;

    /// <summary>Where the content of each event is counted. A field: it is added to in place.</summary>
    protected TokenEstimate Estimate;

    /// <summary>Where not null, text deltas are gathered here (unescaped UTF-8), so that another deployment can carry on.</summary>
    public ArrayBufferWriter<byte>? Transcript { get; init; }

    /// <summary>Takes the whole answer where the dialect tells it at the stream's end; null where nobody wants it.</summary>
    public IReplyObserver? Observer { get; set; }

    /// <summary>Text alone was streamed so far: no tool call, no second choice. Only then can another deployment carry on.</summary>
    public bool TextOnly { get; protected set; } = true;

    /// <summary>Notes what one event says; <paramref name="rawEvent"/> is the event with its framing.</summary>
    public abstract StreamPiece Inspect(ReadOnlySpan<byte> rawEvent);

    /// <summary>The event that was inspected last, as it goes to the client; valid until the next one.</summary>
    public virtual ReadOnlySpan<byte> Rendered(ReadOnlySpan<byte> rawEvent) => rawEvent;

    /// <summary>The body has ended; true where the answer is whole. <see cref="Rendered"/> of nothing is then what is left to send.</summary>
    public virtual bool Complete() => Finished;

    /// <summary>Writes the event that was inspected last with another text delta in place of its own: what is left of it after a replay.</summary>
    public virtual void WriteBeyond(
        IBufferWriter<byte> output,
        ReadOnlySpan<byte> rawEvent,
        string text
    ) => throw new NotSupportedException("A stream of this dialect cannot be cut within an event.");
}
