using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Routing.Quality;

namespace Dragoman.Routing;

/// <summary>Gathers what is known of a deployment for a request.</summary>
internal static class CandidateFacts
{
    public static Candidate Of(
        Deployment deployment,
        CostEstimate estimate,
        string? task,
        RequestNeeds needs,
        double? difficulty,
        LiveFacts live
    ) =>
        new Candidate
        {
            Deployment = deployment,
            Task = task,
            Missing = RequestFit.Missing(needs, deployment.Capabilities),
        }.For(estimate, difficulty, live);

    /// <summary>The same for another request of its kind, and by what is known now.</summary>
    public static Candidate For(
        this Candidate candidate,
        CostEstimate estimate,
        double? difficulty,
        LiveFacts live,
        HeldCache? held = null
    )
    {
        var deployment = candidate.Deployment;
        var figures = deployment.State.Figures;
        var quality = QualityOf(deployment, candidate.Task, live.Quality);
        var speed = figures.Latency(deployment.StartingLatency, live.Now);
        return candidate with
        {
            Cost = Rounded(estimate.Of(deployment, held?.Tokens ?? 0)),
            AnswerTokens = estimate.AnswerTokens(deployment),
            FirstToken = Rounded(speed?.TimeToFirstToken),
            Latency = Rounded(estimate.TimeOf(deployment, speed)),
            Task = quality is null ? null : candidate.Task,
            Quality = Rounded(quality?.Score),
            QualityError = Rounded(quality?.StandardError) ?? 0,
            Difficulty = difficulty,
            ErrorShare = Rounded(figures.ErrorShare(live.Now)),
            Held = held,
        };
    }

    private static (double Score, double StandardError)? QualityOf(
        Deployment deployment,
        string? task,
        LiveQuality? live
    )
    {
        if (live is not null)
            return live.Of(deployment, task);
        if (deployment.Quality is not { } prior)
            return null;
        return task is not null && prior.For(task) is { } at
            ? (at.Score, at.StandardError)
            : (prior.Overall, prior.StandardError);
    }

    /// <summary>To nano-dollars.</summary>
    private static decimal? Rounded(decimal? usd) =>
        usd is { } known ? decimal.Round(known, 9) : null;

    /// <summary>To milliseconds.</summary>
    private static TimeSpan? Rounded(TimeSpan? time) =>
        time is { } known
            ? TimeSpan.FromMilliseconds((long)Math.Round(known.TotalMilliseconds))
            : null;

    /// <summary>To hundredths.</summary>
    private static double? Rounded(double? value) =>
        value is { } known ? Math.Round(known, 2) : null;
}
