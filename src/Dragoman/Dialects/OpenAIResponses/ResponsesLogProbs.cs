namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Log probabilities: here a bare list, in the canonical shape the <c>content</c> of an object, as in chat completions.</summary>
internal static class ResponsesLogProbs
{
    public static byte[] ToChat(ReadOnlySpan<byte> list) =>
        [.. "{\"content\":"u8, .. list, (byte)'}'];

    /// <summary>The list in the canonical shape; empty where there is none.</summary>
    public static ReadOnlySpan<byte> FromChat(ReadOnlySpan<byte> json)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (members.IsList && members.Is("content"u8))
                return members.Value;
        }
        return default;
    }
}
