namespace Dragoman.Dialects;

/// <summary>
/// How words for effort and budgets of tokens stand to each other, since some dialects ask in the one and some in the other. The
/// budgets are ours: no vendor publishes what its words amount to.
/// </summary>
internal static class ReasoningScale
{
    private static readonly (string Word, long Budget)[] Steps =
    [
        ("none", 0),
        ("minimal", 512),
        ("low", 1024),
        ("medium", 4096),
        ("high", 8192),
        ("xhigh", 16384),
        ("max", 32768),
    ];

    /// <summary>The effort of reasoning that is asked for as such, without saying how much.</summary>
    public const string Usual = "medium";

    /// <summary>The budget of a word; null for a word nobody knows.</summary>
    public static long? BudgetOf(string effort)
    {
        var place = Array.FindIndex(Steps, step => step.Word == effort);
        return place < 0 ? null : Steps[place].Budget;
    }

    /// <summary>The word nearest to a budget; below zero the model chooses, which is the usual effort.</summary>
    public static string EffortOf(long budget)
    {
        if (budget < 0)
            return Usual;
        var best = Steps[0];
        foreach (var step in Steps)
        {
            if (budget > 0 && step.Budget == 0)
                best = Steps[1];
            else if (Math.Abs(step.Budget - budget) <= Math.Abs(best.Budget - budget))
                best = step;
        }
        return best.Word;
    }

    /// <summary>The word among <paramref name="taken"/> that is nearest to <paramref name="effort"/>: itself where it is one of them, null where there are none.</summary>
    public static string? Nearest(string effort, IReadOnlyList<string> taken)
    {
        if (taken.Contains(effort, StringComparer.Ordinal))
            return effort;
        var wanted = Place(effort);
        string? best = null;
        foreach (var word in taken)
        {
            // Reasoning that was asked for is not switched off for want of the right word.
            if (word == "none" && effort != "none" && taken.Count > 1)
                continue;
            if (best is null || Math.Abs(Place(word) - wanted) < Math.Abs(Place(best) - wanted))
                best = word;
        }
        return best;
    }

    private static int Place(string effort)
    {
        var place = Array.FindIndex(Steps, step => step.Word == effort);
        return place < 0 ? Array.FindIndex(Steps, static step => step.Word == Usual) : place;
    }
}
