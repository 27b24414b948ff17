using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Forwarding;

/// <summary>
/// The client's side of an exchange that is streamed, over all its attempts: when the answer is started, kept alive while
/// nobody speaks, and ended.
/// </summary>
internal sealed class StreamReply(Exchange exchange, TimeProvider time)
{
    /// <summary>How long a client hears nothing before it gets its 200 and comments, so that proxies keep the line.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private long _nextKeepAlive = exchange.StartTimestamp + time.Ticks(Silence);

    /// <summary>The answer is to be a stream; an embeddings call that says <c>stream</c> gets none.</summary>
    public bool IsStream => exchange.Envelope.Stream && exchange.Operation == Operation.Chat;

    /// <summary>Status and headers went out: what fails from now on is told in the stream.</summary>
    public bool Started => exchange.Reply.HasStarted;

    /// <summary>What precedes the content (the role) went out: a further attempt leaves its own out.</summary>
    public bool HasPreamble { get; set; }

    /// <summary>Content went out: no other attempt is free.</summary>
    public bool Committed { get; set; }

    /// <summary>Fixes status and headers of a stream.</summary>
    public void Start()
    {
        if (Started)
            return;
        exchange.Reply.SetHeader("Cache-Control", "no-cache");
        // nginx and its kin would otherwise collect the stream before they pass it on.
        exchange.Reply.SetHeader("X-Accel-Buffering", "no");
        exchange.Log.Status = 200;
        exchange.Reply.Start(200, exchange.Dialect.StreamContentType, contentLength: null);
    }

    /// <summary>Awaits <paramref name="task"/>; where that takes long, the client hears a comment every now and then.</summary>
    public async ValueTask<T> KeepAliveWhile<T>(Task<T> task)
    {
        while (!task.IsCompleted && IsStream)
        {
            var wait = time.GetElapsedTime(time.GetTimestamp(), _nextKeepAlive);
            if (wait > TimeSpan.Zero)
            {
                try
                {
                    return await task.WaitAsync(wait, time);
                }
                catch (TimeoutException)
                {
                    // The wait's, even where the task ended in the same instant; the task's own is thrown below.
                }
            }
            if (!task.IsCompleted)
                await SendKeepAliveAsync();
        }
        return await task;
    }

    /// <summary>Ends a stream that has begun with a typed error, never with a normal terminator.</summary>
    public async ValueTask BreakAsync(GatewayError error)
    {
        exchange.Log.Error = error;
        exchange.Log.Outcome = Committed ? ExchangeOutcome.Broken : ExchangeOutcome.Failed;
        exchange.Dialect.WriteStreamError(exchange.Reply.Body, error);
        await exchange.Reply.Body.FlushAsync(CancellationToken.None);
        // Some libraries overlook an error in a stream (OpenAI's for .NET, 2.15); a body without its end they cannot.
        exchange.Reply.Abort();
    }

    private async ValueTask SendKeepAliveAsync()
    {
        _nextKeepAlive = time.GetTimestamp() + time.Ticks(Silence);
        Start();
        exchange.Reply.Body.Write(exchange.Dialect.KeepAlive);
        // Not broken off when the client goes: what is awaited meanwhile is, and must have ended before its buffer is let go.
        await exchange.Reply.Body.FlushAsync(CancellationToken.None);
    }
}
