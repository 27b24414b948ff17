namespace Dragoman.TestKit;

/// <summary>
/// What a request or an answer may lose on its way from one dialect through another, and why. Anything else that differs is a
/// failing test; what a writer names itself (<see cref="Dragoman.Canonical.Losses"/>) need not be listed for requests.
/// </summary>
public static class KnownLosses
{
    private sealed record Loss(string From, string To, string Fact, string Why);

    /// <summary><c>*</c> stands for every dialect; a fact is told by how it begins, with <c>-</c> where it got lost and <c>+</c> where it came to be.</summary>
    private static readonly Loss[] All =
    [
        new("*", "ollama", "-tool_choice Auto", "what is usual is not said"),
        new("*", "ollama", "-tool_choice None", "said by sending no tools"),
        new("*", "ollama", "-assistant refusal", "a refusal is text there"),
        new(
            "*",
            "ollama",
            "+assistant text",
            "a refusal is text there, and what stood between two texts may be lost by name"
        ),
        new("openai", "ollama", "-assistant text", "what stood between two texts is lost by name"),
        new("*", "ollama", "-choice0 refusal", "a refusal is text there"),
        new("*", "ollama", "+choice0 text", "a refusal is text there"),
        new("*", "ollama", "-choice1", "there is one answer"),
        new("*", "ollama", "-citation", "there is no place for sources"),
        new("*", "ollama", "-usage reasoning", "an answer's tokens are one count there"),
        new("ollama", "openai-responses", "+usage total_input 0", "its clients count on a number"),
        new("ollama", "openai", "+usage total_input 0", "OpenAI's clients count on a number"),
    ];

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
