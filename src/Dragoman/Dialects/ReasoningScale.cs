using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>How words for reasoning and budgets of tokens stand to each other, for dialects that know only the one or the other.</summary>
internal static class ReasoningScale
{
    private static readonly (string Word, long Budget)[] Steps =
    [
        ("minimal", 1024),
        ("low", 4096),
        ("medium", 8192),
        ("high", 16_384),
        ("xhigh", 32_768),
        ("max", 32_768),
    ];

    /// <summary>The budget of a word: 0 for <c>none</c>, null for a word nobody knows.</summary>
    public static long? BudgetOf(JsonText effort)
    {
        var word = effort.ToString();
        if (word == "none")
            return 0;
        foreach (var (known, budget) in Steps)
        {
            if (known == word)
                return budget;
        }
        return null;
    }

    /// <summary>The word nearest to a budget; <c>none</c> for 0.</summary>
    public static string EffortOf(long budget)
    {
        if (budget == 0)
            return "none";
        var nearest = Steps[0];
        foreach (var step in Steps)
        {
            if (Math.Abs(step.Budget - budget) < Math.Abs(nearest.Budget - budget))
                nearest = step;
        }
        return nearest.Word;
    }
}
