namespace Dragoman.Canonical;

/// <summary>Takes events as long as it likes what they say.</summary>
public interface IStoppingSink : IChatEventSink
{
    /// <summary>Why it takes no more; null while it does. What it let by before is all that may be told.</summary>
    GatewayError? Stopped { get; }
}
