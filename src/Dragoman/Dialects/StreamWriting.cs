namespace Dragoman.Dialects;

/// <summary>How a stream is to be written for a client.</summary>
/// <param name="Fallback">Stands in for what the provider did not say.</param>
public readonly record struct StreamWriting(ReplyFallback Fallback)
{
    /// <summary>The client asked for usage, in dialects where it must ask.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Takes the whole answer where the dialect tells it at the stream's end; null where nobody wants it.</summary>
    public IReplyObserver? Observer { get; init; }

    /// <summary>The client already has what precedes the first content: it is not told twice.</summary>
    public bool LeavesOutPreamble { get; init; }
}
