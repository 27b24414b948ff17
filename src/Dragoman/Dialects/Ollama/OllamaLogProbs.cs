namespace Dragoman.Dialects.Ollama;

/// <summary>Log probabilities: Ollama's list is what OpenAI's <c>logprobs</c> has in its member <c>content</c>.</summary>
/// <remarks>
/// Since 0.12.11, as github.com/BerriAI/litellm issue 17165 and github.com/pepperoni21/ollama-rs issue 295 tell the release notes
/// (seen 2026-11; the notes themselves were not).
/// </remarks>
internal static class OllamaLogProbs
{
    public static byte[] Wrap(ReadOnlySpan<byte> list) =>
        [.. "{\"content\":"u8, .. list, (byte)'}'];

    /// <summary>The list; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> logProbs)
    {
        var members = new JsonWalk(logProbs);
        while (members.Next())
        {
            if (members.IsList && members.Is("content"u8))
                return members.Value;
        }
        return default;
    }
}
