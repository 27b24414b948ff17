namespace Dragoman.Simulator.Journal;

/// <summary>What a simulated provider was asked: the last requests whole, and counters per model that go on beyond them.</summary>
public sealed class RequestJournal
{
    // Names come from clients, so their number is bounded.
    private const int MostModels = 1024;

    private readonly Lock _lock = new();
    private readonly Queue<RecordedRequest> _last = new();
    private readonly Dictionary<string, int> _perModel = new(StringComparer.Ordinal);
    private readonly int _length;
    private TaskCompletionSource? _changed;
    private int _count;
    private int _aborted;
    private int _open;

    internal RequestJournal(int length) => _length = length;

    /// <summary>How many requests came.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many clients went away before the end of their reply.</summary>
    public int Aborted => Volatile.Read(ref _aborted);

    /// <summary>How many requests are being answered now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The last requests, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Last
    {
        get
        {
            lock (_lock)
                return [.. _last];
        }
    }

    /// <summary>How many requests named this model (bare name).</summary>
    public int CountOf(string model)
    {
        lock (_lock)
            return _perModel.GetValueOrDefault(SimulatedModel.BareName(model));
    }

    /// <summary>The requests still kept that named this model, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Of(string model)
    {
        var name = SimulatedModel.BareName(model);
        lock (_lock)
            return [.. _last.Where(request => request.Model == name)];
    }

    /// <summary>Waits until the journal satisfies a condition, looked at on every change; throws <see cref="TimeoutException"/>.</summary>
    public async Task UntilAsync(Func<RequestJournal, bool> condition, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        while (true)
        {
            Task changed;
            lock (_lock)
                changed = (
                    _changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)
                ).Task;
            if (condition(this))
                return;
            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException(
                    $"waited {timeout} in vain: {Count} requests, {Open} open, {Aborted} aborted",
                    e
                );
            }
        }
    }

    internal void Begin(RecordedRequest request)
    {
        lock (_lock)
        {
            _count++;
            _open++;
            if (_length > 0)
            {
                if (_last.Count >= _length)
                    _last.Dequeue();
                _last.Enqueue(request);
            }
            Signal();
        }
    }

    internal void Named(RecordedRequest request, string model)
    {
        lock (_lock)
        {
            request.Model = model;
            if (_perModel.Count < MostModels || _perModel.ContainsKey(model))
                _perModel[model] = _perModel.GetValueOrDefault(model) + 1;
            Signal();
        }
    }

    internal void End(RecordedRequest request, DateTimeOffset at, bool aborted)
    {
        lock (_lock)
        {
            _open--;
            if (aborted)
            {
                _aborted++;
                request.AbortedAt = at;
            }
            else
            {
                request.EndedAt = at;
            }
            Signal();
        }
    }

    internal void Clear()
    {
        lock (_lock)
        {
            _last.Clear();
            _perModel.Clear();
            _count = 0;
            _aborted = 0;
        }
    }

    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
