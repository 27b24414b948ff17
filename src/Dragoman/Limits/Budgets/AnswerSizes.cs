namespace Dragoman.Limits.Budgets;

/// <summary>How long an answer may become, in tokens of all its choices together.</summary>
/// <param name="Least">Shorter than this it is of no use to anybody.</param>
/// <param name="Usual">Nearly all answers are no longer.</param>
/// <param name="Worst">Longer it cannot become.</param>
internal readonly record struct AnswerSizes(long Least, long Usual, long Worst)
{
    /// <summary>There is none in tokens.</summary>
    public static readonly AnswerSizes None;

    public static AnswerSizes Of(long least, long usual, long worst) =>
        new(Math.Min(least, worst), Math.Min(Math.Max(usual, least), worst), worst);
}
