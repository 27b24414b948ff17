using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects;

/// <summary>How answers and errors are put in one dialect.</summary>
internal abstract class Dialect
{
    public abstract SimulatedDialect Kind { get; }

    /// <summary>What the ids of answers begin with.</summary>
    public virtual string IdPrefix => "";

    /// <summary>The media type of a stream.</summary>
    public virtual string StreamType => "text/event-stream; charset=utf-8";

    /// <summary>What a stream sends to say that it lives.</summary>
    public virtual ReadOnlyMemory<byte> KeepAlive { get; } = ": simulated ping\n\n"u8.ToArray();

    /// <summary>An error in place of an answer.</summary>
    public abstract Reply Refuse(ApiError error, params (string Name, string Value)[] headers);

    /// <summary>A whole answer.</summary>
    public abstract byte[] Write(ChatAnswer answer, ChatCall call, ReplyStyle style);

    /// <summary>A writer for the events of one stream.</summary>
    public abstract EventWriter Stream(ChatAnswer answer, ChatCall call, ReplyStyle style);
}
