namespace Dragoman.TestKit;

/// <summary>What may differ after reading and writing in the same dialect, and why. Anything else is a failing test.</summary>
public static class KnownChanges
{
    public static bool Allows(string difference) =>
        IsMissingContent(difference)
        || IsMissingNull(difference)
        || IsMissingType(difference)
        || IsBareImage(difference)
        || IsMissingStopSequence(difference)
        || IsCustomToolType(difference);

    /// <summary>Clients expect a reply's content to be there, if only as null; Cerebras leaves it out beside tool calls.</summary>
    private static bool IsMissingContent(string difference) =>
        difference.EndsWith("].message.content was added", StringComparison.Ordinal);

    /// <summary>OpenAI's schema requires them in a reply, if only as null; most other vendors leave them out.</summary>
    private static bool IsMissingNull(string difference) =>
        difference.Contains("choices[", StringComparison.Ordinal)
        && (
            difference.EndsWith("].message.refusal was added", StringComparison.Ordinal)
            || difference.EndsWith("].logprobs was added", StringComparison.Ordinal)
        );

    /// <summary>Clients tell tool calls apart by their type; Mistral leaves it out.</summary>
    private static bool IsMissingType(string difference) =>
        difference.EndsWith("].type was added", StringComparison.Ordinal)
        && difference.Contains(".tool_calls[", StringComparison.Ordinal);

    /// <summary>Mistral takes an image's address bare or in an object; everybody else only the object.</summary>
    private static bool IsBareImage(string difference) =>
        difference.Contains("].image_url: \"", StringComparison.Ordinal)
        && difference.Contains("\" became {\"url\":", StringComparison.Ordinal);

    /// <summary>Anthropic's clients expect the member to be there, if only as null.</summary>
    private static bool IsMissingStopSequence(string difference) =>
        difference == ".stop_sequence was added";

    /// <summary>Anthropic's tools of the client's own may say so, and need not.</summary>
    private static bool IsCustomToolType(string difference) =>
        difference.StartsWith(".tools[", StringComparison.Ordinal)
        && difference.EndsWith("].type was lost", StringComparison.Ordinal);
}
