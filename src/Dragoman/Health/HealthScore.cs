using Dragoman.Catalog;

namespace Dragoman.Health;

/// <summary>
/// A provider's health as one number from 0 to 100; null while nothing is known. It is the part of what was asked lately that
/// went well, what happened five minutes ago counting half, and a rate limit as half a failure; less a tenth for each model
/// that cools and a fifth for each whose breaker is open, together half at most. A provider that cannot be called has 0.
/// </summary>
internal static class HealthScore
{
    private const double Cooling = 0.1;
    private const double Broken = 0.2;
    private const double MostTaken = 0.5;

    public static int? Of(
        bool? isAvailable,
        double? share,
        IReadOnlyCollection<DeploymentState> resting
    )
    {
        if (isAvailable is null)
            return null;
        if (isAvailable is false)
            return 0;
        var taken = resting.Sum(static state =>
            state.Breaker.Phase == BreakerPhase.Closed ? Cooling : Broken
        );
        return (int)Math.Round(100 * (share ?? 1) * (1 - Math.Min(taken, MostTaken)));
    }
}
