namespace Dragoman.Dialects.OpenAIChat;

/// <summary>One choice of a chunk, its known members found: a view into the event's bytes.</summary>
internal ref struct OpenAIChatChunkChoice
{
    public int Index;
    public ReadOnlySpan<byte> FinishReason;
    public ReadOnlySpan<byte> LogProbs;

    /// <summary>There are members that are not understood here.</summary>
    public bool HasOwnMembers;

    /// <summary>The delta's or the message's members.</summary>
    public ReadOnlySpan<byte> Delta;
    public ReadOnlySpan<byte> Message;

    public OpenAIChatChunkChoice(ReadOnlySpan<byte> choice)
    {
        var members = new JsonWalk(choice);
        while (members.Next())
        {
            if (members.Is("index"u8))
                Index = (int)Math.Clamp(members.Integer ?? 0, 0, int.MaxValue);
            else if (members.IsText && members.Is("finish_reason"u8))
                FinishReason = members.Text;
            else if (members.IsObject && members.Is("logprobs"u8))
                LogProbs = members.Value;
            else if (members.IsObject && members.Is("delta"u8))
                Delta = members.Value;
            else if (members.IsObject && members.Is("message"u8))
                Message = members.Value;
            else if (!Knows(members))
                HasOwnMembers = true;
        }
    }

    /// <summary>Whether a member is understood here.</summary>
    public static bool Knows(in JsonWalk member) =>
        member.Is("index"u8)
        || member.Is("finish_reason"u8)
        || member.Is("logprobs"u8)
        || member.Is("delta"u8)
        || member.Is("message"u8);
}
