using System.IO.Pipelines;

namespace Dragoman.Exchanges;

/// <summary>Where an exchange's answer goes: an HTTP response, or a caller in this process.</summary>
public interface IReplyChannel
{
    /// <summary>True once <see cref="Start"/> was called: status and headers can no longer change.</summary>
    bool HasStarted { get; }

    /// <summary>Sets a header; only before <see cref="Start"/>.</summary>
    void SetHeader(string name, string value);

    /// <summary>Fixes status and content type; <paramref name="contentLength"/> is null for streams.</summary>
    void Start(int status, string contentType, long? contentLength);

    /// <summary>The body. Flushing it sends what was written.</summary>
    PipeWriter Body { get; }

    /// <summary>The answer that has begun is not whole: once what was written is sent, the body ends without its end, so that nobody takes it for a whole one.</summary>
    void Abort();
}
