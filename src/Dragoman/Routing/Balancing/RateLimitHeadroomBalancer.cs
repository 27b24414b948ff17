using Dragoman.Catalog;

namespace Dragoman.Routing.Balancing;

/// <summary>Who may still be asked most, by what providers say of their rate limits: who is nearly empty is left alone before it refuses. Among equals in turn.</summary>
internal sealed class RateLimitHeadroomBalancer : IBalancer
{
    /// <summary>Who says nothing counts as middling.</summary>
    private const double Unknown = 0.5;

    public string Name => "rate_limit_headroom";

    public void Order(Span<Deployment> equals, BalancingTurn turn, DateTimeOffset now)
    {
        equals.Rotate((int)(turn.Next() % (uint)equals.Length));
        // To hundredths: what differs by less is as good.
        equals.SortBy(
            static (deployment, at) => -Math.Round(Left(deployment, at) ?? Unknown, 2),
            now
        );
    }

    public string Explain(ReadOnlySpan<Deployment> ordered, DateTimeOffset now) =>
        Left(ordered[0], now) is { } left
            ? FormattableString.Invariant(
                $"{ordered[0].PublicName} has {left * 100:0} % of its rate limit left, the most of {ordered.Length}"
            )
            : FormattableString.Invariant(
                $"{ordered[0].PublicName}, of whose rate limit nothing is known, as none of {ordered.Length} is known to have more than half left"
            );

    private static double? Left(Deployment deployment, DateTimeOffset now) =>
        deployment.State.Figures.Headroom(now);
}
