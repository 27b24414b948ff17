using Dragoman.Canonical;
using Dragoman.Dialects.InProcess;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.Routing;
using Dragoman.Usage;

namespace Dragoman;

/// <summary>One call of this process on its way through the pipeline. Disposing of it ends it where it has not ended.</summary>
internal sealed class GatewayCall : IAsyncDisposable
{
    private readonly CancellationTokenSource _gone;
    private readonly CancellationToken _caller;
    private readonly CancellationToken _stopping;
    private readonly InProcessDialect _dialect;
    private readonly InProcessReply _reply;
    private readonly Exchange _exchange;
    private readonly Task _running;

    public GatewayCall(
        GatewayRequest request,
        GatewayPipeline pipeline,
        RequestId id,
        SnapshotParts snapshot,
        TimeProvider time,
        Action ended,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        (_caller, _stopping) = (cancellationToken, stopping);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        _dialect = request.Dialect;
        _reply = new InProcessReply(request.Envelope.Stream);
        _exchange = new Exchange
        {
            Id = id,
            Dialect = request.Dialect,
            Operation = request.Operation,
            Body = default,
            Envelope = request.Envelope,
            Snapshot = snapshot,
            Reply = _reply,
            Wishes = request.BoundWishes(),
            Caller = request.Caller?.Id,
            StartTimestamp = time.GetTimestamp(),
            StartedAt = time.GetUtcNow(),
            ClientGone = _gone.Token,
        };
        request.Mark(_exchange);
        if (request.IsClassified)
            _ = RequestReading.Of(_exchange).Profile;
        // A caller's context, as a user interface has one, is not for the pipeline to run in.
        _running = SynchronizationContext.Current is null
            ? RunAsync(pipeline, ended)
            : Task.Run(() => RunAsync(pipeline, ended), CancellationToken.None);
    }

    public RequestId Id => _exchange.Id;

    /// <summary>What an HTTP client is told beside the answer; whole once <see cref="BeganAsync"/> completes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _reply.Headers;

    /// <summary>One of <see cref="Headers"/>; null where there is none of that name.</summary>
    public string? Header(string name)
    {
        foreach (var header in _reply.Headers)
            if (header.Key == name)
                return header.Value;
        return null;
    }

    /// <summary>Completes when a stream begins; throws where none does.</summary>
    public async Task BeganAsync()
    {
        await _reply.Started;
        if (_dialect.Error is not null || _gone.IsCancellationRequested)
            await EndedAsync();
    }

    /// <summary>The whole answer of a call that is not streamed.</summary>
    public async Task<CompletionReply> CompleteAsync()
    {
        await EndedAsync();
        return CompletionReplies.Of(_dialect.Reply!, Record, Decision);
    }

    /// <summary>The embeddings of a call that asks for them, and its record.</summary>
    public async Task<(EmbeddingReply Reply, UsageRecord Record)> EmbedAsync()
    {
        await EndedAsync();
        return (_dialect.Vectors!, Record);
    }

    /// <summary>The pieces of a stream as they come, and in the end the whole answer.</summary>
    public async IAsyncEnumerable<CompletionUpdate> UpdatesAsync()
    {
        var gathered = new CompletionUpdates();
        while (await ReadAsync(gathered))
        while (gathered.TryTake(out var update))
            yield return update;
        yield return new CompletionUpdate { Reply = await WholeAsync(gathered.Whole()) };
    }

    /// <summary>Waits for more of a stream and gives it to <paramref name="sink"/>; false once there is none.</summary>
    public async ValueTask<bool> ReadAsync(IChatEventSink sink)
    {
        var reader = _reply.Reader;
        // The end comes by itself, also where the caller cancelled: the pipeline hears of it.
        var read = await reader.ReadAsync(CancellationToken.None);
        var rest = read.Buffer;
        var isMore = !rest.IsEmpty;
        EventFrames.Read(ref rest, sink);
        reader.AdvanceTo(rest.Start, rest.End);
        return isMore || !read.IsCompleted;
    }

    /// <summary>A stream's whole answer with its record, once it has been read to the end; throws where it is not whole.</summary>
    public async Task<CompletionReply> WholeAsync(ChatReply gathered)
    {
        await EndedAsync();
        return CompletionReplies.Of(gathered, Record, Decision);
    }

    /// <summary>Ends the call, and waits until its record is written. Nobody may be reading any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_running.IsCompleted)
            await _gone.CancelAsync();
        // A writer that waits for its reader would never see that it is gone.
        await _reply.Reader.CompleteAsync();
        await _running;
        _gone.Dispose();
    }

    private UsageRecord Record => _exchange.Get<UsageRecord>()!;

    private RoutingDecision? Decision => _exchange.Get<RoutingDecision>();

    private async Task RunAsync(GatewayPipeline pipeline, Action ended)
    {
        try
        {
            await pipeline.InvokeAsync(_exchange);
        }
        finally
        {
            _reply.Complete();
            ended();
        }
    }

    /// <summary>Waits for the end; throws where there is no answer, or no whole one.</summary>
    private async Task EndedAsync()
    {
        await _running;
        if (_dialect.Error is null && _exchange.Log.Outcome == ExchangeOutcome.Succeeded)
            return;
        if (_exchange.Log.Outcome == ExchangeOutcome.Cancelled)
        {
            _caller.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, typeof(Gateway));
        }
        throw new GatewayException(
            _dialect.Error
                ?? new GatewayError(
                    GatewayErrorKind.Internal,
                    $"The answer of {_exchange.Id} is not whole."
                ),
            _exchange.Id.ToString(null, null),
            CompletionReplies.AttemptsOf(Record)
        );
    }
}
