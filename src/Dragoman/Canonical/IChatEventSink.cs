namespace Dragoman.Canonical;

/// <summary>Takes the events of a streamed answer: a dialect's stream writer, or <see cref="ChatReplyBuilder"/>.</summary>
public interface IChatEventSink
{
    /// <summary>Takes one event. Its spans are valid only until this returns.</summary>
    void Take(in ChatEvent chatEvent);
}
