namespace Dragoman.Dialects.Ollama;

/// <summary>Log probabilities: Ollama's list (since 0.12.11) is what OpenAI's <c>logprobs</c> has in its member <c>content</c>.</summary>
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
