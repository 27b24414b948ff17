using System.Diagnostics.Metrics;
using Dragoman.Catalog;

namespace Dragoman.Server.Hosting;

/// <summary>Which deployments are left alone at the moment, and why.</summary>
internal static class DeploymentGauges
{
    /// <summary>As many as are shown; those that something is wrong with come first.</summary>
    private const int Most = 200;

    public static IEnumerable<Measurement<long>> Read(DeploymentStates states, DateTimeOffset now)
    {
        var shown = states
            .All.OrderByDescending(state =>
                state.IsCooling(now)
                || state.IsMissing(now)
                || state.Breaker.Phase != BreakerPhase.Closed
            )
            .ThenBy(static state => state.Key, StringComparer.Ordinal)
            .Take(Most);
        foreach (var state in shown)
        {
            yield return Of(state, "open", state.Breaker.Phase == BreakerPhase.Open);
            yield return Of(state, "half_open", state.Breaker.Phase == BreakerPhase.HalfOpen);
            yield return Of(state, "cooling", state.IsCooling(now));
            yield return Of(state, "missing", state.IsMissing(now));
        }
    }

    private static Measurement<long> Of(DeploymentState state, string word, bool holds) =>
        new(holds ? 1 : 0, new("deployment", state.Key), new("state", word));
}
