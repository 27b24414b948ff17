using Dragoman.Exchanges;

namespace Dragoman.Routing.Quality;

/// <summary>Where feedback is kept: one of each request at most.</summary>
public interface IFeedbackStore
{
    /// <summary>Keeps a feedback, in place of an earlier one of the same request. It is stored when this completes.</summary>
    /// <returns>The one it replaced; null where there was none.</returns>
    ValueTask<Feedback?> PutAsync(Feedback feedback, CancellationToken cancellationToken = default);

    /// <summary>What was said of these requests; those of which nothing was said are left out.</summary>
    ValueTask<IReadOnlyDictionary<RequestId, Feedback>> FindAsync(
        IReadOnlyList<RequestId> requests,
        CancellationToken cancellationToken = default
    );

    /// <summary>What was said at this time or later, without the comments.</summary>
    ValueTask<IReadOnlyList<Feedback>> SinceAsync(
        DateTimeOffset since,
        CancellationToken cancellationToken = default
    );
}
