namespace Dragoman.Dialects;

/// <summary>Takes whole answers in the client's dialect, just before the client gets their end: whoever must know them by its next request.</summary>
public interface IReplyObserver
{
    /// <summary>Takes one answer; its bytes are valid only until this returns. Must not throw.</summary>
    void Take(ReadOnlySpan<byte> reply);
}
