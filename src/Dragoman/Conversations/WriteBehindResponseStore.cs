using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Dragoman.Conversations;

/// <summary>Takes answers at once and hands them to a slower store in the background; until it has them they are found here.</summary>
public sealed partial class WriteBehindResponseStore : IResponseStore, IAsyncDisposable
{
    /// <summary>So many wait at most; a request beyond them waits for the store itself.</summary>
    private const int MostWaiting = 1024;

    private readonly IResponseStore _store;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<(string? Caller, string Id), StoredResponse> _waiting =
        new();
    private readonly Channel<StoredResponse> _queue = Channel.CreateBounded<StoredResponse>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );
    private readonly Task _writing;

    public WriteBehindResponseStore(IResponseStore store, ILogger<WriteBehindResponseStore> log)
    {
        (_store, _log) = (store, log);
        _writing = Task.Run(WriteAsync);
    }

    public void Put(StoredResponse response)
    {
        _waiting[(response.Caller, response.Id)] = response;
        if (!_queue.Writer.TryWrite(response))
            Write(response);
    }

    public ValueTask<StoredResponse?> FindAsync(
        string? caller,
        string id,
        CancellationToken cancellationToken = default
    ) =>
        _waiting.TryGetValue((caller, id), out var waiting)
            ? new(waiting)
            : _store.FindAsync(caller, id, cancellationToken);

    public async ValueTask<bool> DeleteAsync(
        string? caller,
        string id,
        CancellationToken cancellationToken = default
    )
    {
        var waited = _waiting.TryRemove((caller, id), out _);
        return await _store.DeleteAsync(caller, id, cancellationToken) || waited;
    }

    /// <summary>Hands on what still waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        await foreach (var response in _queue.Reader.ReadAllAsync())
            Write(response);
    }

    private void Write(StoredResponse response)
    {
        var waiting = KeyValuePair.Create((response.Caller, response.Id), response);
        // Deleted meanwhile, or replaced by one that comes later in the queue.
        if (!_waiting.Contains(waiting))
            return;
        try
        {
            _store.Put(response);
            // Behind the store's own: whoever looks finds it in the one or the other.
            if (!_waiting.TryRemove(waiting) && !_waiting.ContainsKey(waiting.Key))
                // Deleted while it was written.
                _ = _store.DeleteAsync(response.Caller, response.Id).AsTask();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _waiting.TryRemove(waiting);
            Log.NotKept(_log, response.Id, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The answer {Id} could not be kept; nobody can carry on from it by its id."
        )]
        public static partial void NotKept(ILogger logger, string id, Exception reason);
    }
}
