using System.Buffers;
using System.IO.Pipelines;
using Dragoman.Exchanges;

namespace Dragoman.Usage.Bodies;

/// <summary>A reply channel that keeps a copy of what goes through it, up to a size.</summary>
internal sealed class WatchedReply : IReplyChannel
{
    /// <summary>A longer answer is kept as far as this.</summary>
    private const int Most = 1024 * 1024;

    private readonly IReplyChannel _reply;
    private readonly ArrayBufferWriter<byte> _copy = new();

    public WatchedReply(IReplyChannel reply)
    {
        _reply = reply;
        Body = new Watched(this);
    }

    public bool HasStarted => _reply.HasStarted;

    /// <summary>What went through so far.</summary>
    public ReadOnlyMemory<byte> Copy => _copy.WrittenMemory;

    public PipeWriter Body { get; }

    public void SetHeader(string name, string value) => _reply.SetHeader(name, value);

    public void Start(int status, string contentType, long? contentLength) =>
        _reply.Start(status, contentType, contentLength);

    public void Abort() => _reply.Abort();

    private void Keep(ReadOnlySpan<byte> bytes) =>
        _copy.Write(bytes[..Math.Min(bytes.Length, Most - _copy.WrittenCount)]);

    private sealed class Watched(WatchedReply reply) : PipeWriter
    {
        private Memory<byte> _room;

        private PipeWriter Inner => reply._reply.Body;

        public override bool CanGetUnflushedBytes => Inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => Inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            reply.Keep(_room.Span[..bytes]);
            _room = _room[bytes..];
            Inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) =>
            _room = Inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void CancelPendingFlush() => Inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => Inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(
            CancellationToken cancellationToken = default
        ) => Inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(
            ReadOnlyMemory<byte> source,
            CancellationToken cancellationToken = default
        )
        {
            reply.Keep(source.Span);
            return Inner.WriteAsync(source, cancellationToken);
        }
    }
}
