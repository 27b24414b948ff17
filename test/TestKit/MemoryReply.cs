using System.IO.Pipelines;
using System.Text;
using Dragoman.Exchanges;

namespace Dragoman.TestKit;

/// <summary>A reply channel into memory.</summary>
public sealed class MemoryReply : IReplyChannel
{
    private readonly MemoryStream _sent = new();

    public MemoryReply() => Body = PipeWriter.Create(_sent);

    public PipeWriter Body { get; }
    public bool HasStarted { get; private set; }
    public bool Aborted { get; private set; }
    public int Status { get; private set; }
    public string? ContentType { get; private set; }
    public long? ContentLength { get; private set; }
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was flushed so far.</summary>
    public string Text => Encoding.UTF8.GetString(_sent.ToArray());

    public void SetHeader(string name, string value) => Headers[name] = value;

    public void Start(int status, string contentType, long? contentLength)
    {
        if (HasStarted)
            throw new InvalidOperationException("The reply has started.");
        (HasStarted, Status, ContentType, ContentLength) = (
            true,
            status,
            contentType,
            contentLength
        );
    }

    public void Abort() => Aborted = true;
}
