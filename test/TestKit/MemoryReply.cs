using System.IO.Pipelines;
using System.Text;
using Dragoman.Exchanges;

namespace Dragoman.TestKit;

/// <summary>A reply channel into memory, which may be read while it is written.</summary>
public sealed class MemoryReply : IReplyChannel
{
    private readonly SentBytes _sent = new();

    public MemoryReply() => Body = PipeWriter.Create(_sent);

    public PipeWriter Body { get; }
    public bool HasStarted { get; private set; }
    public bool Aborted { get; private set; }
    public int Status { get; private set; }
    public string? ContentType { get; private set; }
    public long? ContentLength { get; private set; }
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was flushed so far.</summary>
    public byte[] Bytes => _sent.Snapshot();

    /// <summary>What was flushed so far, as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>From now on the client takes no more bytes: flushes wait for <see cref="ReadOn"/>.</summary>
    public void StopReading() =>
        _sent.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The client takes bytes again.</summary>
    public void ReadOn() => _sent.Gate?.TrySetResult();

    /// <summary>A flush waits for the client.</summary>
    public bool IsHeldUp => _sent.Waiting;

    /// <summary>Waits until what was flushed satisfies a condition, looked at on every flush.</summary>
    public async Task UntilAsync(Func<string, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var changed = _sent.Changed;
            if (condition(Text))
                return;
            await changed.WaitAsync(limit.Token);
        }
    }

    public void SetHeader(string name, string value)
    {
        if (HasStarted)
            throw new InvalidOperationException("The reply has started.");
        Headers[name] = value;
    }

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

    /// <summary>Where the pipe's flushes end up.</summary>
    private sealed class SentBytes : Stream
    {
        private readonly Lock _lock = new();
        private readonly MemoryStream _bytes = new();
        private TaskCompletionSource _changed = NewSignal();
        private bool _wrote;

        public TaskCompletionSource? Gate { get; set; }

        public bool Waiting { get; private set; }

        public Task Changed
        {
            get
            {
                lock (_lock)
                    return _changed.Task;
            }
        }

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public byte[] Snapshot()
        {
            lock (_lock)
                return _bytes.ToArray();
        }

        public override void Write(byte[] buffer, int offset, int count) =>
            Add(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            Add(buffer.Span);
            return default;
        }

        public override void Flush()
        {
            lock (_lock)
            {
                if (!_wrote)
                    return;
                _wrote = false;
                _changed.TrySetResult();
                _changed = NewSignal();
            }
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (Gate is { Task.IsCompleted: false } gate)
            {
                Waiting = true;
                await gate.Task.WaitAsync(cancellationToken);
                Waiting = false;
            }
            Flush();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private static TaskCompletionSource NewSignal() =>
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private void Add(ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
            {
                _bytes.Write(bytes);
                _wrote |= !bytes.IsEmpty;
            }
        }
    }
}
