using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Threading.Channels;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.InProcess;
using Dragoman.Exchanges;
using Dragoman.Guardrails.Text;
using Microsoft.Extensions.Logging;

namespace Dragoman.Usage.Bodies;

/// <summary>
/// Takes prompts and answers at once, and in the background takes out of them what is to be redacted, encrypts them and hands them to
/// the store; deletes there what is over. Where it cannot keep up, some are not kept: no request waits for it.
/// </summary>
public sealed partial class BodyKeeper : IAsyncDisposable
{
    private const int MostWaiting = 256;
    private const int MostAtOnce = 32;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);

    private readonly IBodyStore _store;
    private readonly Lazy<BodySeal> _seal;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<WaitingBody> _queue = Channel.CreateBounded<WaitingBody>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;
    private readonly Task _sweeping;
    private int _taken;
    private int _done;

    /// <param name="store">Where they are kept; it stays its maker's.</param>
    /// <param name="key">Gives the key that they are encrypted with; asked when the first is kept or shown.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it is told what could not be kept.</param>
    public BodyKeeper(
        IBodyStore store,
        Func<byte[]> key,
        TimeProvider time,
        ILogger<BodyKeeper> log
    )
    {
        (_store, _time, _log) = (store, time, log);
        _seal = new Lazy<BodySeal>(() => new BodySeal(key()));
        _writing = Task.Run(WriteAsync);
        _sweeping = Task.Run(SweepAsync);
    }

    internal void Take(WaitingBody body)
    {
        Interlocked.Increment(ref _taken);
        if (_queue.Writer.TryWrite(body))
            return;
        Interlocked.Increment(ref _done);
        Log.NotKept(_log, body.Request, "too many wait", null);
    }

    /// <summary>Prompt and answer of a request, as JSON; null where none are kept. Waits for those that were taken before.</summary>
    public async ValueTask<OpenedBody?> FindAsync(
        RequestId request,
        CancellationToken cancellationToken = default
    )
    {
        var taken = Volatile.Read(ref _taken);
        while (Volatile.Read(ref _done) < taken)
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        return _store.Find(request, _time.GetUtcNow()) is { } kept
            ? new OpenedBody(
                kept.Expires,
                Open(kept.Prompt, request, isAnswer: false),
                Open(kept.Answer, request, isAnswer: true)
            )
            : null;
    }

    /// <summary>Keeps what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        await _stopping.CancelAsync();
        await _sweeping;
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<KeptBody>(MostAtOnce);
        while (await _queue.Reader.WaitToReadAsync())
        {
            var taken = 0;
            while (batch.Count < MostAtOnce && _queue.Reader.TryRead(out var waiting))
            {
                taken++;
                if (Seal(waiting) is { } kept)
                    batch.Add(kept);
            }
            try
            {
                _store.Put(batch);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                foreach (var kept in batch)
                    Log.NotKept(_log, kept.Request, failure.GetType().Name, failure.StackTrace);
            }
            batch.Clear();
            Interlocked.Add(ref _done, taken);
        }
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepEvery, _time);
        try
        {
            do
            {
                _store.DeleteExpired(_time.GetUtcNow());
            } while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Log.NotSwept(_log, failure.GetType().Name);
        }
    }

    private KeptBody? Seal(WaitingBody waiting)
    {
        try
        {
            var answer =
                waiting is { IsAnswer: true, Answer.IsEmpty: false } || ReplyOf(waiting) is not null
                    ? Read(waiting) is { } reply
                        ? BodyText.Of(reply)
                        : null
                    : null;
            return new KeptBody(waiting.Request, waiting.StartedAt + waiting.Rule.Retention)
            {
                Prompt = Close(waiting.Prompt, waiting, isAnswer: false),
                Answer = Close(answer, waiting, isAnswer: true),
            };
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The message is left out: it may quote the text.
            Log.NotKept(_log, waiting.Request, failure.GetType().Name, failure.StackTrace);
            return null;
        }
    }

    private ReadOnlyMemory<byte>? Close(byte[]? json, WaitingBody waiting, bool isAnswer)
    {
        if (json is null)
            return null;
        var redacted = new StringBuilder(json.Length);
        var window = new JsonWindow(waiting.Rule.Redaction, new FindingCounts());
        window.Take(Encoding.UTF8.GetString(json), redacted);
        window.End(redacted);
        // What could not be looked through in its time is not kept.
        return window.BlockedBy is not null
            ? null
            : _seal.Value.Close(
                Encoding.UTF8.GetBytes(redacted.ToString()),
                Bound(waiting.Request, isAnswer)
            );
    }

    private byte[]? Open(ReadOnlyMemory<byte>? box, RequestId request, bool isAnswer) =>
        box is { } closed ? _seal.Value.Open(closed.Span, Bound(request, isAnswer)) : null;

    private static byte[] Bound(RequestId request, bool isAnswer)
    {
        var bound = new byte[9];
        BinaryPrimitives.WriteInt64LittleEndian(bound, request.Value);
        bound[8] = isAnswer ? (byte)1 : (byte)0;
        return bound;
    }

    /// <summary>What a caller of this process got, where it was not streamed.</summary>
    private static ChatReply? ReplyOf(WaitingBody waiting) =>
        (waiting.Dialect as InProcessDialect)?.Reply;

    /// <summary>The answer, read as the client reads it; of a stream as much as it got. Null where it is none.</summary>
    private static ChatReply? Read(WaitingBody waiting)
    {
        if (ReplyOf(waiting) is { } reply)
            return reply;
        var builder = new ChatReplyBuilder();
        if (waiting.Dialect is InProcessDialect)
        {
            var frames = new ReadOnlySequence<byte>(waiting.Answer);
            EventFrames.Read(ref frames, builder);
            return builder.Build();
        }
        var us = new ProviderType { Name = "dragoman", Dialect = waiting.Dialect.Name };
        if (!waiting.IsStream)
            return waiting.Dialect.TryReadReply(waiting.Answer, us, out var whole, out _)
                ? whole
                : null;
        var reader = waiting.Dialect.CreateStreamReader(us);
        var framer = new EventFramer(waiting.Dialect.Framing);
        var rest = waiting.Answer.Span;
        for (int length; (length = framer.NextEvent(rest)) > 0; rest = rest[length..])
            reader.Read(rest[..length], builder);
        return builder.Build();
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Prompt and answer of {Id} were not kept: {Reason}\n{StackTrace}"
        )]
        public static partial void NotKept(
            ILogger logger,
            RequestId id,
            string reason,
            string? stackTrace
        );

        [LoggerMessage(
            LogLevel.Error,
            "Prompts and answers whose time is over are no longer deleted until a restart: {Reason}"
        )]
        public static partial void NotSwept(ILogger logger, string reason);
    }
}

/// <summary>What is kept of an exchange, decrypted: JSON of its messages; null where there was none, or it was encrypted under another master key.</summary>
public sealed record OpenedBody(DateTimeOffset Expires, byte[]? Prompt, byte[]? Answer);
