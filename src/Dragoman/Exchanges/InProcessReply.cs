using System.IO.Pipelines;

namespace Dragoman.Exchanges;

/// <summary>A caller in this process as the place an answer goes. A stream's reader holds up its writer when it is slow.</summary>
internal sealed class InProcessReply(bool isStream) : IReplyChannel
{
    private readonly Pipe _pipe = new(
        // What is not streamed is read when all of it is there.
        isStream
            ? new PipeOptions(useSynchronizationContext: false)
            : new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false)
    );

    private readonly List<KeyValuePair<string, string>> _headers = [];

    public bool HasStarted { get; private set; }

    /// <summary>The answer that had begun is not whole.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Completes when status and headers are known, or when there will be none.</summary>
    public Task Started => _started.Task;

    private readonly TaskCompletionSource _started = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>What an HTTP client would be told beside the answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    public PipeWriter Body => _pipe.Writer;

    /// <summary>The other end of <see cref="Body"/>.</summary>
    public PipeReader Reader => _pipe.Reader;

    public void SetHeader(string name, string value)
    {
        for (var i = 0; i < _headers.Count; i++)
            if (_headers[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                _headers[i] = KeyValuePair.Create(name, value);
                return;
            }
        _headers.Add(KeyValuePair.Create(name, value));
    }

    public void Start(int status, string contentType, long? contentLength)
    {
        HasStarted = true;
        _started.TrySetResult();
    }

    public void Abort() => IsBroken = true;

    /// <summary>The exchange is over: who reads comes to the end.</summary>
    public void Complete()
    {
        _started.TrySetResult();
        _pipe.Writer.Complete();
    }
}
