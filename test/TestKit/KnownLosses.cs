namespace Dragoman.TestKit;

/// <summary>
/// What a request or an answer may lose on its way from one dialect through another, and why. Anything else that differs is a
/// failing test; what a writer names itself (<see cref="Dragoman.Canonical.Losses"/>) need not be listed for requests.
/// </summary>
public static class KnownLosses
{
    private sealed record Loss(string From, string To, string Fact, string Why);

    /// <summary><c>*</c> stands for every dialect; a fact is told by how it begins, with <c>-</c> where it got lost and <c>+</c> where it came to be.</summary>
    private static readonly Loss[] All = [];

    /// <summary>Why the difference is allowed; null where it is not.</summary>
    /// <param name="from">The dialect it came in.</param>
    /// <param name="to">The dialect it went through.</param>
    /// <param name="difference">The fact, with <c>-</c> or <c>+</c> before it.</param>
    public static string? Why(string from, string to, string difference) =>
        Array
            .Find(
                All,
                loss =>
                    (loss.From == "*" || loss.From == from)
                    && (loss.To == "*" || loss.To == to)
                    && difference.StartsWith(loss.Fact, StringComparison.Ordinal)
            )
            ?.Why;
}
