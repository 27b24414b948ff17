using Dragoman.Catalog;

namespace Dragoman.Health;

/// <summary>Probes in the background: each provider once when it appears, and then every minute while it is in use, or down by what may pass.</summary>
/// <param name="providers">Gives those that are configured now.</param>
/// <param name="prober">Asks them.</param>
/// <param name="time">Tells when.</param>
public sealed class HealthWatch(
    Func<IEnumerable<Provider>> providers,
    HealthProber prober,
    TimeProvider time
)
{
    /// <summary>How long a provider that is in use goes unasked.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(60);

    /// <summary>How often it is looked who is due.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            do
            {
                var now = time.GetUtcNow();
                var due = providers().Where(provider => IsDue(provider, now)).ToList();
                if (due.Count > 0)
                    await prober.ProbeAsync(due, cancellationToken);
            } while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of watching.
        }
    }

    private bool IsDue(Provider provider, DateTimeOffset now) =>
        prober.WhyNot(provider) is null
        && (provider.State.Health.IsUnchecked || provider.State.Health.IsDue(now, Every));
}
