using Dragoman.Routing;

namespace CustomStrategy;

/// <summary>The best that costs no more than a cent; what nobody knows the price or the quality of comes last.</summary>
internal sealed class FrugalGenius : IRoutingStrategy
{
    private const decimal Cent = 0.01m;

    public string Name => "frugal_genius";

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        [
            .. candidates
                .OrderBy(static it => it.Cost is { } cost && cost <= Cent ? 0 : 1)
                .ThenByDescending(static it => it.Quality ?? double.MinValue),
        ];

    public string Explain(IReadOnlyList<Candidate> ordered, int among) =>
        $"{ordered[0].Name} is the best of {among} for a cent";
}
