namespace Dragoman.Dialects.Gemini;

/// <summary>One chunk of a stream, its known members found: a view into the event's bytes.</summary>
internal readonly ref struct GeminiChunk
{
    public GeminiChunk(ReadOnlySpan<byte> data)
    {
        var members = new JsonWalk(data);
        while (members.Next())
        {
            if (members.IsText && members.Is("responseId"u8))
                Id = members.Text;
            else if (members.IsText && members.Is("modelVersion"u8))
                Model = members.Text;
            else if (members.IsList && members.Is("candidates"u8))
                Candidates = members.Value;
            else if (members.IsObject && members.Is("usageMetadata"u8))
                Usage = members.Value;
            else if (members.IsObject && members.Is("promptFeedback"u8))
                Feedback = members.Value;
            else if (!members.IsNull && members.Is("error"u8))
                Error = members.Value;
        }
    }

    public ReadOnlySpan<byte> Id { get; }
    public ReadOnlySpan<byte> Model { get; }
    public ReadOnlySpan<byte> Candidates { get; }
    public ReadOnlySpan<byte> Usage { get; }
    public ReadOnlySpan<byte> Feedback { get; }
    public ReadOnlySpan<byte> Error { get; }

    /// <summary>Whether a member is understood here; <c>promptFeedback</c> is carried too.</summary>
    public static bool Knows(in JsonWalk member) =>
        member.Is("responseId"u8)
        || member.Is("modelVersion"u8)
        || member.Is("candidates"u8)
        || member.Is("usageMetadata"u8)
        || member.Is("error"u8);
}

/// <summary>One candidate of a chunk, its known members found: a view into the event's bytes.</summary>
internal readonly ref struct GeminiChunkCandidate
{
    public GeminiChunkCandidate(ReadOnlySpan<byte> candidate)
    {
        var members = new JsonWalk(candidate);
        while (members.Next())
        {
            if (members.Is("index"u8))
                Index = (int)Math.Clamp(members.Integer ?? 0, 0, int.MaxValue);
            else if (members.IsText && members.Is("finishReason"u8))
                FinishReason = members.Text;
            else if (members.IsObject && members.Is("content"u8))
                Parts = PartsOf(members.Value);
        }
    }

    public int Index { get; }
    public ReadOnlySpan<byte> FinishReason { get; }
    public ReadOnlySpan<byte> Parts { get; }

    /// <summary>Whether a member is understood here.</summary>
    public static bool Knows(in JsonWalk member) =>
        member.Is("index"u8) || member.Is("finishReason"u8) || member.Is("content"u8);

    private static ReadOnlySpan<byte> PartsOf(ReadOnlySpan<byte> content)
    {
        var members = new JsonWalk(content);
        while (members.Next())
        {
            if (members.IsList && members.Is("parts"u8))
                return members.Value;
        }
        return default;
    }
}
