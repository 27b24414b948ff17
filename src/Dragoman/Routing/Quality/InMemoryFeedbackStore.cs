using Dragoman.Exchanges;

namespace Dragoman.Routing.Quality;

/// <summary>Keeps the feedback of the newest requests in memory: for use in-process and for tests.</summary>
public sealed class InMemoryFeedbackStore : IFeedbackStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Feedback> _kept = [];
    private readonly int _capacity;

    /// <param name="capacity">How many are kept; those of the oldest requests make room for new ones.</param>
    public InMemoryFeedbackStore(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <inheritdoc/>
    public ValueTask<Feedback?> PutAsync(
        Feedback feedback,
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
        {
            var id = feedback.Request.Value;
            _kept.TryGetValue(id, out var replaced);
            _kept[id] = feedback;
            if (_kept.Count > _capacity)
                _kept.Remove(_kept.First().Key);
            return new(replaced);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<RequestId, Feedback>> FindAsync(
        IReadOnlyList<RequestId> requests,
        CancellationToken cancellationToken = default
    )
    {
        var found = new Dictionary<RequestId, Feedback>();
        lock (_gate)
            foreach (var id in requests)
                if (_kept.TryGetValue(id.Value, out var feedback))
                    found[id] = feedback;
        return new(found);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Feedback>> SinceAsync(
        DateTimeOffset since,
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
            return new([
                .. _kept
                    .Values.Where(feedback => feedback.At >= since)
                    .Select(static feedback => feedback with { Comment = null }),
            ]);
    }
}
