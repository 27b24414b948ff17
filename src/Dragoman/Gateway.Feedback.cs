using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.Routing.Quality;
using Dragoman.Usage;
using Microsoft.Extensions.Logging;

namespace Dragoman;

/// <content>What people think of answers, and how good deployments are thought to be after it.</content>
public sealed partial class Gateway
{
    /// <summary>Characters of a comment at most.</summary>
    internal const int LongestComment = 10_000;

    private Task _feedbackRead = Task.CompletedTask;

    /// <summary>
    /// Tells what an answer was worth: it is kept with the request's record, and moves how good the model that answered is thought
    /// to be at that task. A second feedback of a request replaces the first.
    /// </summary>
    /// <param name="requestId">The request's id, e.g. <see cref="CompletionReply.Id"/>.</param>
    /// <param name="score">From 0 (useless) to 1 (could not be better).</param>
    /// <param name="comment">Why; null says nothing. It is kept, and never logged.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="GatewayException">There is no such request, nobody answered it, or the score is none.</exception>
    public async Task<FeedbackReply> GiveFeedbackAsync(
        string requestId,
        double score,
        string? comment = null,
        CancellationToken cancellationToken = default
    ) => await GiveFeedbackAsync(requestId, score, comment, within: null, cancellationToken);

    /// <summary>The same for whom only the requests of some callers are there; null is everybody's.</summary>
    internal async Task<FeedbackReply> GiveFeedbackAsync(
        string requestId,
        double score,
        string? comment,
        IReadOnlyList<string>? within,
        CancellationToken cancellationToken
    )
    {
        if (score is not (>= 0 and <= 1))
            throw GatewayRequest.Wrong("score", "'score' must be a number from 0 to 1.");
        if (comment?.Length > LongestComment)
            throw GatewayRequest.Wrong(
                "comment",
                $"'comment' may have {LongestComment} characters at most."
            );
        var record = await AnsweredAsync(requestId, within, cancellationToken);
        var feedback = new Feedback
        {
            Request = record.Id,
            Score = score,
            Comment = string.IsNullOrWhiteSpace(comment) ? null : comment,
            At = _time.GetUtcNow(),
            Deployment = record.Deployment!,
            Task = TaskNames.Find(record.Task),
        };
        // What was given before is counted once: what is read at the start, before what comes now.
        await _feedbackRead.WaitAsync(cancellationToken);
        var replaced = await FeedbackStore.PutAsync(feedback, cancellationToken);
        Quality.Take(feedback, replaced);
        return new FeedbackReply
        {
            RequestId = requestId,
            Score = score,
            Comment = feedback.Comment,
            Model = feedback.Deployment,
            Task = feedback.Task,
            Replaced = replaced is not null,
            Quality = QualityOf(feedback.Deployment, feedback.Task),
        };
    }

    /// <summary>Counts what was said of answers before this process began; until then, and where it cannot be read, priors stand alone.</summary>
    internal Task ReadFeedbackAsync() => _feedbackRead = CountFeedbackAsync();

    private async Task CountFeedbackAsync()
    {
        try
        {
            Quality.Load(
                await FeedbackStore.SinceAsync(
                    _time.GetUtcNow() - LiveQuality.Memory,
                    _stopping.Token
                )
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.FeedbackUnread(_logger, failure);
        }
    }

    private LiveQualityInfo? QualityOf(string name, string? task)
    {
        if (Snapshots.Current.Models.Named(name)?.Deployment is not { } deployment)
            return null;
        var prior = deployment.Quality is { } known
            ? (task is null ? null : known.For(task)?.Score) ?? known.Overall
            : (double?)null;
        return Quality.Of(deployment, task) is { } quality
            ? new LiveQualityInfo(
                task,
                Math.Round(quality.Score, 2),
                Math.Round(quality.StandardError, 2),
                prior
            )
            : null;
    }

    private async Task<UsageRecord> AnsweredAsync(
        string requestId,
        IReadOnlyList<string>? within,
        CancellationToken cancellationToken
    )
    {
        var record = RequestId.TryParse(requestId, out var id)
            ? await LatestRecords.FindAsync(UsageStore, Ledger, id, cancellationToken)
            : null;
        if (record is null || !record.IsWithin(within))
            throw new GatewayException(LatestRecords.NoneOf(requestId));
        if (record is { Deployment: not null, Operation: "chat" })
            return record;
        throw new GatewayException(
            new GatewayError(
                GatewayErrorKind.InvalidRequest,
                record.Deployment is null
                    ? $"Nobody answered {requestId}: there is nothing to rate."
                    : $"{requestId} asked for embeddings, of which nobody can say how good they are."
            )
            {
                Code = "nothing_to_rate",
                Param = "request_id",
            }
        );
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "What people said of answers before cannot be read: qualities are those of the catalog until more is said."
        )]
        public static partial void FeedbackUnread(ILogger logger, Exception failure);
    }
}
