using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Dragoman.Catalog;

namespace Dragoman.Server.Hosting;

/// <summary>Which deployments are left alone at the moment, and why. One is shown from its first trouble on, also when that is over.</summary>
internal sealed class DeploymentGauges(DeploymentStates states, TimeProvider time)
{
    private const int Most = 200;

    private readonly ConcurrentDictionary<string, DeploymentState> _shown = new(
        StringComparer.Ordinal
    );

    public IEnumerable<Measurement<long>> Read()
    {
        var now = time.GetUtcNow();
        foreach (var state in states.All)
        {
            if (_shown.Count < Most && IsTroubled(state, now))
                _shown.TryAdd(state.Key, state);
        }
        foreach (var state in _shown.Values)
        {
            yield return Of(state, "open", state.Breaker.Phase == BreakerPhase.Open);
            yield return Of(state, "half_open", state.Breaker.Phase == BreakerPhase.HalfOpen);
            yield return Of(state, "cooling", state.IsCooling(now));
            yield return Of(state, "missing", state.IsMissing(now));
        }
    }

    private static bool IsTroubled(DeploymentState state, DateTimeOffset now) =>
        state.Breaker.Phase != BreakerPhase.Closed || state.IsCooling(now) || state.IsMissing(now);

    private static Measurement<long> Of(DeploymentState state, string word, bool holds) =>
        new(holds ? 1 : 0, new("deployment", state.Key), new("state", word));
}
