using System.Globalization;

namespace Dragoman.Routing.Strategies;

/// <summary>Who is known to have most of what the request needs; among equals the best at the task, and the cheapest where that is a tie.</summary>
internal sealed class CapabilityMatchStrategy : IRoutingStrategy
{
    public string Name => "capability_match";

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        [
            .. candidates
                .GroupBy(static candidate => candidate.Missing)
                .OrderBy(static group => group.Key)
                .SelectMany(static group => QualityTies.Order([.. group])),
        ];

    public string Explain(IReadOnlyList<Candidate> ordered, int among)
    {
        var first = ordered[0];
        var has =
            first.Missing == 0
                ? "is known to have all that is needed"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"lacks {first.Missing} of what is needed, as far as is known"
                );
        var equals = ordered.Count(candidate => candidate.Missing == first.Missing);
        return equals == 1 || among == 1
            ? $"{first.Name} {has}, alone of {among}"
            : $"{first.Name} {has}, and is best among {equals} such of {among} ({Figures.Quality(first)}, {Figures.Usd(first.Cost)})";
    }
}
