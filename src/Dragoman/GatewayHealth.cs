using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Forwarding;
using Dragoman.Health;
using Dragoman.Native;

namespace Dragoman;

/// <summary>How the providers of a gateway are.</summary>
/// <param name="snapshot">Gives the configuration in use.</param>
/// <param name="states">What is known of deployments.</param>
/// <param name="prober">Asks them.</param>
/// <param name="time">Tells when.</param>
public sealed class GatewayHealth(
    Func<GatewaySnapshot> snapshot,
    DeploymentStates states,
    HealthProber prober,
    TimeProvider time
)
{
    /// <summary>What is known of all providers, or of one.</summary>
    /// <param name="now">Probes them first, which takes five seconds at most; a probe that is under way is shared.</param>
    /// <param name="provider">Its name; null is all of them.</param>
    /// <param name="cancellationToken">Ends the waiting, not the probes.</param>
    /// <returns>Null where no provider of that name is configured.</returns>
    public async Task<HealthInfo?> CheckAsync(
        bool now = false,
        string? provider = null,
        CancellationToken cancellationToken = default
    )
    {
        var providers = snapshot().Providers;
        if (provider is not null && !providers.ContainsKey(provider))
            return null;
        var asked = provider is null ? providers.Values.ToList() : [providers[provider]];
        if (now)
            await prober.ProbeAsync(asked, cancellationToken);
        return Report(asked);
    }

    /// <summary>What is known of these providers, without asking anybody.</summary>
    internal HealthInfo Report(IEnumerable<Provider> providers)
    {
        var now = time.GetUtcNow();
        var shown = providers
            .OrderBy(static provider => provider.Name, StringComparer.Ordinal)
            .Select(provider => Report(provider, now))
            .ToList();
        var counts = new HealthCounts
        {
            Total = shown.Count,
            Available = shown.Count(static provider => provider.Available is true),
            Unavailable = shown.Count(static provider => provider.Available is false),
            Unknown = shown.Count(static provider => provider.Available is null),
        };
        return new HealthInfo
        {
            Status = StatusOf(counts, shown.Exists(static provider => provider.Resting.Count > 0)),
            At = now,
            LocalOnly = prober.IsOffline,
            Counts = counts,
            Providers = shown,
        };
    }

    private static string StatusOf(HealthCounts counts, bool anyRests) =>
        counts switch
        {
            { Available: 0, Unavailable: 0 } => "unknown",
            { Available: 0, Unknown: 0 } => "down",
            { Unavailable: 0 } when !anyRests => "ok",
            _ => "degraded",
        };

    private ProviderHealthInfo Report(Provider provider, DateTimeOffset now)
    {
        var health = provider.State.Health.View(now);
        var notProbed = prober.WhyNot(provider);
        // What is outside is as good as not there, whatever it was before.
        var isOutside = prober.IsOffline && !provider.Local;
        bool? available =
            isOutside ? null
            : !ProviderSigns.HasUsableKey(provider, now) ? false
            : health.IsAvailable;
        var resting = Resting(provider, now);
        return new ProviderHealthInfo
        {
            Provider = provider.Name,
            Type = provider.Type.Name,
            Local = provider.Local,
            Available = available,
            Score = HealthScore.Of(available, health.Share, resting),
            Since = available == health.IsAvailable ? health.Since : health.LastTrouble?.At,
            LatencyMs = health.Latency is { } latency
                ? Math.Round(latency.TotalMilliseconds, 1)
                : null,
            LastCheckedAt = health.LastCheckedAt,
            LastUsedAt = health.LastUsedAt,
            LastError = health.LastTrouble is { } trouble ? Error(provider, trouble) : null,
            NotProbed = notProbed,
            Keys =
            [
                .. provider.Keys.All.Select(key => new KeyHealthInfo
                {
                    Position = key.Index + 1,
                    Refused = key.IsRefused(now),
                }),
            ],
            Resting = [.. resting.Select(state => Resting(provider, state, now))],
        };
    }

    private List<DeploymentState> Resting(Provider provider, DateTimeOffset now)
    {
        var prefix = provider.Name + "/";
        return
        [
            .. states
                .All.Where(state =>
                    state.Key.StartsWith(prefix, StringComparison.Ordinal)
                    && (state.IsCooling(now) || state.Breaker.Phase != BreakerPhase.Closed)
                )
                .OrderBy(static state => state.Key, StringComparer.Ordinal),
        ];
    }

    private static RestingModelInfo Resting(
        Provider provider,
        DeploymentState state,
        DateTimeOffset now
    ) =>
        new()
        {
            Model = state.Key[(provider.Name.Length + 1)..],
            CoolsUntil = state.IsCooling(now) ? state.CoolsUntil : null,
            Breaker = Word(state.Breaker.Phase),
        };

    private static HealthErrorInfo Error(Provider provider, ProviderTrouble trouble) =>
        new()
        {
            Kind = Word(trouble.Kind),
            Message = trouble.Message,
            Status = trouble.Status,
            At = trouble.At,
            Remedy = Remedy.For(provider, trouble.Kind),
        };

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
