using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>
/// Reads one streamed answer of a provider, event by event, and tells a sink what it says. Never throws: a malformed event amid a
/// sound stream is passed over and counted. After <see cref="ChatEventKind.End"/> or <see cref="ChatEventKind.Error"/> it tells nothing more.
/// </summary>
public abstract class ChatStreamReader
{
    /// <summary>What <see cref="Complete"/> tells of a stream that was cut.</summary>
    public const string CutCode = "stream_cut";

    /// <summary>An end or an error has been told.</summary>
    public bool HasEnded { get; protected set; }

    /// <summary>How many events were not understood.</summary>
    public int MalformedEvents { get; protected set; }

    /// <summary>Takes one whole event with its framing: a server-sent event, or a line.</summary>
    public abstract void Read(ReadOnlySpan<byte> rawEvent, IChatEventSink sink);

    /// <summary>Tells that the body has ended: <see cref="ChatEventKind.End"/> where that is sound, an error with <see cref="CutCode"/> where the answer was cut.</summary>
    public abstract void Complete(IChatEventSink sink);

    /// <summary>The error of a stream that broke off.</summary>
    protected static GatewayError Cut { get; } =
        new(GatewayErrorKind.Upstream, "The provider's stream ended before its answer did.")
        {
            Code = CutCode,
        };
}
