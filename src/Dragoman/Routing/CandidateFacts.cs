using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Routing;

/// <summary>Gathers what is known of a deployment for a request.</summary>
internal static class CandidateFacts
{
    public static Candidate Of(
        Deployment deployment,
        CostEstimate estimate,
        string? task,
        RequestNeeds needs
    ) =>
        new Candidate
        {
            Deployment = deployment,
            Task = deployment.Quality is null ? null : task,
            Missing = RequestFit.Missing(needs, deployment.Capabilities),
        }.For(estimate, difficulty: null);

    /// <summary>The same for another request of its kind, and by what is known now.</summary>
    public static Candidate For(
        this Candidate candidate,
        CostEstimate estimate,
        double? difficulty,
        HeldCache? held = null
    )
    {
        var deployment = candidate.Deployment;
        var prior = deployment.Quality;
        var at = candidate.Task is null ? null : prior?.For(candidate.Task);
        var speed = deployment.StartingLatency;
        return candidate with
        {
            Cost = Rounded(estimate.Of(deployment, held?.Tokens ?? 0)),
            AnswerTokens = estimate.AnswerTokens(deployment),
            FirstToken = Rounded(speed?.TimeToFirstToken),
            Latency = Rounded(estimate.TimeOf(deployment, speed)),
            Quality = Rounded(at?.Score ?? prior?.Overall),
            QualityError = Rounded(at?.StandardError ?? prior?.StandardError) ?? 0,
            Difficulty = difficulty,
            Held = held,
        };
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
