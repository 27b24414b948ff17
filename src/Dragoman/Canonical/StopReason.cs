namespace Dragoman.Canonical;

/// <summary>Why the model stopped.</summary>
public enum StopReason
{
    /// <summary>The provider did not say, or in a word we do not know.</summary>
    Unknown,

    /// <summary>It was done.</summary>
    Stop,

    /// <summary>The output limit or the context was reached.</summary>
    Length,

    /// <summary>It waits for tool results.</summary>
    ToolCalls,

    /// <summary>A content filter stepped in.</summary>
    ContentFilter,

    /// <summary>One of the request's stop texts came up.</summary>
    StopSequence,

    /// <summary>It declined.</summary>
    Refusal,

    /// <summary>The provider paused a long turn, to be carried on by sending it back.</summary>
    Pause,

    /// <summary>The provider failed midway.</summary>
    Error,
}
