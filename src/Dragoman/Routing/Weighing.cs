namespace Dragoman.Routing;

/// <summary>
/// One weighing of candidates against each other: all that goes into it, and nothing else does. The same in gives the same out, be it
/// for a request now or for one that is looked at again from its record.
/// </summary>
internal sealed record Weighing
{
    /// <summary>How to order them; null leaves them as they stand.</summary>
    public required IRoutingStrategy? Strategy { get; init; }

    /// <summary>In the order in which equals stay.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>How many could have been weighed: the last may have been dropped already.</summary>
    public required int Among { get; init; }

    /// <summary>Whose models come first whatever the strategy says.</summary>
    public string? PreferredProvider { get; init; }

    /// <summary>What the client wishes over the strategy's order.</summary>
    public WishedOrder Wished { get; init; }

    /// <summary>So many are chosen at the most.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>So many of one provider; null is without limit.</summary>
    public int? PerProvider { get; init; }

    /// <summary>They are tried after a first choice that something else made.</summary>
    public bool IsBehind { get; init; }

    /// <summary>Figures bear on it that are others from request to request and from minute to minute.</summary>
    public bool LooksAtFigures =>
        Strategy is { LooksAtRequest: true } || Wished.Fastest || Wished.Most is not null;

    public Weighed Run()
    {
        var ordered = Strategy?.Order(Candidates) ?? Candidates;
        if (PreferredProvider is { } preferred)
            ordered = ordered.By((a, b) => IsOf(b, preferred).CompareTo(IsOf(a, preferred)));
        var stayed = Stay(ordered);
        var final = Wished.Of(stayed);
        return new Weighed(ordered, stayed, final, Chosen(final));
    }

    /// <summary>What decided, in words.</summary>
    public string Explain(Weighed weighed) =>
        (Strategy is null ? "" : ": " + Strategy.Explain(weighed.Ordered, Among))
        + ExplainStay(weighed)
        + Wished.Explain(weighed.Stayed, weighed.Final);

    /// <summary>Who holds the conversation in its cache keeps it, unless the first costs less even so.</summary>
    private static IReadOnlyList<Candidate> Stay(IReadOnlyList<Candidate> ordered)
    {
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Held is null)
                continue;
            if (
                ordered[0].Held is not null
                || ordered[0].Cost < (ordered[i].Cost ?? decimal.MaxValue)
            )
                return ordered;
            return [ordered[i], .. ordered.Take(i), .. ordered.Skip(i + 1)];
        }
        return ordered;
    }

    private static string ExplainStay(Weighed weighed)
    {
        var first = weighed.Stayed is [var stays, ..] ? stays : null;
        if (first?.Held is { } held)
        {
            var saved = held.SavedUsd is { } usd ? $", {Figures.Usd(usd)} saved" : "";
            return FormattableString.Invariant(
                $"; the conversation stays with {first.Name}, whose cache holds about {held.Tokens} tokens{saved}"
            );
        }
        foreach (var candidate in weighed.Ordered)
            if (candidate.Held is { } left)
                return FormattableString.Invariant(
                    $"; it leaves {candidate.Name} and the {left.Tokens} tokens in its cache, since {Figures.Usd(first!.Cost)} is less than {Figures.Usd(candidate.Cost)}"
                );
        return "";
    }

    private List<Candidate> Chosen(IReadOnlyList<Candidate> final)
    {
        var chosen = new List<Candidate>(Math.Min(final.Count, Most));
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var candidate in final)
        {
            if (chosen.Count == Most)
                break;
            var provider = candidate.Deployment.Provider.Name;
            var before = taken.GetValueOrDefault(provider);
            if (before >= PerProvider)
                continue;
            taken[provider] = before + 1;
            chosen.Add(candidate);
        }
        return chosen;
    }

    private static bool IsOf(Candidate candidate, string provider) =>
        candidate.Deployment.Provider.Name == provider;
}

/// <summary>What a weighing gave.</summary>
/// <param name="Ordered">All, as the strategy has them.</param>
/// <param name="Stayed">All, whoever holds the conversation in front.</param>
/// <param name="Final">All, as the client's wishes have them.</param>
/// <param name="Chosen">Those to be tried, in order.</param>
internal sealed record Weighed(
    IReadOnlyList<Candidate> Ordered,
    IReadOnlyList<Candidate> Stayed,
    IReadOnlyList<Candidate> Final,
    IReadOnlyList<Candidate> Chosen
);
