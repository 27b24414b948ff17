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
    )
    {
        var quality = deployment.Quality;
        var at = task is null ? null : quality?.For(task);
        var speed = deployment.StartingLatency;
        return new Candidate
        {
            Deployment = deployment,
            Speed = speed,
            Cost = estimate.Of(deployment),
            Latency = estimate.TimeOf(deployment, speed),
            Quality = at?.Score ?? quality?.Overall,
            QualityError = at?.StandardError ?? quality?.StandardError ?? 0,
            Task = at is null ? null : task,
            Missing = RequestFit.Missing(needs, deployment.Capabilities),
        };
    }

    /// <summary>The same for another request of its kind: only what it costs and takes differs.</summary>
    public static Candidate For(this Candidate candidate, CostEstimate estimate) =>
        candidate with
        {
            Cost = estimate.Of(candidate.Deployment),
            Latency = estimate.TimeOf(candidate.Deployment, candidate.Speed),
        };
}
