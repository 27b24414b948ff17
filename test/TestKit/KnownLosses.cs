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
        // Answers.
        new("*", "openai-responses", "-choice1 ", "one answer, as there is no n"),
        new("*", "anthropic", "-choice1 ", "one answer, as there is no n"),
        new("*", "ollama", "-choice1 ", "one answer, as there is no n"),
        new("*", "openai-responses", "-choice2 ", "one answer, as there is no n"),
        new("*", "anthropic", "-choice2 ", "one answer, as there is no n"),
        new("*", "ollama", "-choice2 ", "one answer, as there is no n"),
        new("anthropic", "*", "-choice0 stop Pause", "others do not pause: it is an end"),
        new("anthropic", "*", "-choice0 stop StopSequence", "others do not say which text it was"),
        new("anthropic", "*", "+choice0 stop Stop", "as above"),
        new("anthropic", "*", "-choice0 stop Refusal", "others say a content filter"),
        new("anthropic", "*", "+choice0 stop ContentFilter", "as above"),
        new(
            "*",
            "ollama",
            "+choice0 stop Unknown",
            "a word of ours, `content_filter`: Ollama has none"
        ),
        new("*", "anthropic", "-choice0 stop ContentFilter", "Anthropic says `refusal`"),
        new("*", "ollama", "-choice0 stop ContentFilter", "as above"),
        new("*", "openai", "+citation ", "its clients need a title: the address is one"),
        new("*", "openai", "-citation ", "as above"),
        new(
            "gemini",
            "openai-responses",
            "-citation https://example.org/book",
            "of a text that was filtered away"
        ),
        new(
            "gemini",
            "anthropic",
            "-citation https://example.org/book",
            "of a text that was filtered away"
        ),
        new(
            "*",
            "openai-responses",
            "-choice0 image",
            "no place for an image that was not asked for as a tool"
        ),
        new("*", "anthropic", "-choice0 image", "no place for an image"),
        new("*", "ollama", "-choice0 image", "no place for an image"),
        new("*", "anthropic", "-choice0 refusal ", "a refusal is text, and stops with `refusal`"),
        new("*", "anthropic", "-choice0 stop Stop", "as above"),
        new("*", "anthropic", "+choice0 stop Refusal", "as above"),
        new("*", "gemini", "-choice0 refusal ", "a refusal is text"),
        new("*", "ollama", "-choice0 refusal ", "a refusal is text"),
        new("*", "*", "+choice0 text I can't help", "the fixture's refusal, as text"),
        new("*", "*", "+choice0 text I cannot help", "the fixture's refusal, as text"),
        new("*", "openai", "+usage total_", "its clients count on a number: unknown is 0"),
        new("*", "anthropic", "+usage total_", "its clients count on a number: unknown is 0"),
        new(
            "*",
            "openai-responses",
            "+usage total_",
            "its clients count on a number: unknown is 0"
        ),
        new("*", "openai-responses", "-usage cache_write", "cache writes are not counted apart"),
        new("*", "gemini", "-usage cache_write", "cache writes are not counted apart"),
        new("*", "ollama", "-usage cache_", "no cache is counted"),
        new("*", "ollama", "-usage reasoning", "an answer's tokens are one count"),
        new("*", "ollama", "-citation ", "there is no place for sources"),
        new("*", "ollama", "-choice0 reasoning", "there is no place for what is opaque"),
        new("*", "ollama", "+choice0 reasoning", "the words without the signature"),
        new(
            "*",
            "anthropic",
            "-citation  ",
            "a document without an address, of which nothing is quoted"
        ),
        new("*", "gemini", "-choice0 stop StopSequence", "a sound end has one word"),
        new("*", "gemini", "-choice0 stop Pause", "a sound end has one word"),
        new("*", "gemini", "+choice0 stop Stop", "as above"),
        new("*", "gemini", "-choice0 stop Refusal", "a refusal is a filter's stop"),
        new("*", "gemini", "+choice0 stop ContentFilter", "as above"),
        new("gemini", "*", "-choice0 text ", "what stood between two texts is its own"),
        new("gemini", "*", "+choice0 text ", "what stood between two texts is its own"),
        new("gemini", "anthropic", "-choice0 stop ContentFilter", "it stops with `refusal`"),
        new("gemini", "*", "-choice2 ", "one answer, as there is no n"),
        new("gemini", "*", "-choice0 image ", "answers hold no images"),
        // Requests; what a writer names itself is not listed.
        new("anthropic", "gemini", "-service_tier default", "what is usual is not said"),
        new("anthropic", "gemini", "+reasoning_budget 0", "reasoning that is off is a budget of 0"),
        new("openai", "gemini", "-assistant text ", "what stood between is lost by name"),
        new("openai", "gemini", "+assistant text ", "what stood between is lost by name"),
        new("*", "anthropic", "-assistant refusal", "a refusal is text"),
        new("*", "gemini", "-assistant refusal", "a refusal is text"),
        new("*", "ollama", "-assistant refusal", "a refusal is text"),
        new("*", "*", "+assistant text Not that.Nor that.", "the fixture's refusals, as text"),
        new("*", "ollama", "-tool_choice None", "said by sending no tools"),
        new("*", "ollama", "-result #1 image image/png", "images have no media type"),
        new("*", "ollama", "+result #1 image image/jpeg", "as above"),
        new("*", "anthropic", "-tool f |  |  |", "a tool without parameters has an empty schema"),
        new("*", "anthropic", "+tool f |  | {", "as above"),
        new("*", "anthropic", "-tool now | The time |", "as above"),
        new("*", "anthropic", "+tool now | The time | {", "as above"),
        new("*", "anthropic", "-tool_choice Function", "the only tool that is told must be called"),
        new("*", "anthropic", "-tool_choice Required", "only the allowed tools are told"),
        new("*", "anthropic", "+tool_choice Required", "as above"),
        new(
            "openai-responses",
            "*",
            "-assistant reasoning",
            "the words without the signature, which only its provider knows"
        ),
        new("openai-responses", "*", "+assistant reasoning", "as above"),
        new("gemini", "ollama", "-assistant reasoning", "as above"),
        new("gemini", "ollama", "+assistant reasoning", "as above"),
        new("*", "openai-responses", "-logprobs True", "asked for by top_logprobs alone"),
        new(
            "*",
            "gemini",
            "-system text Answer in Norwegian.",
            "amid a conversation it is said as the user, and named"
        ),
        new("*", "*", "-reasoning_budget", "said as the nearest effort, or left to the model"),
        new(
            "*",
            "*",
            "+reasoning_",
            "a switch or a budget as the nearest effort, or the other way round"
        ),
        new("*", "openai-responses", "-user file  text/plain", "a file needs a name"),
        new("*", "openai-responses", "+user file file.", "as above"),
        new("ollama", "*", "+reasoning_", "`think` without a degree is the usual effort, or none"),
        new(
            "*",
            "anthropic",
            "+tool_choice Function dragoman_answer",
            "a schema, by way of a tool that must be called"
        ),
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
