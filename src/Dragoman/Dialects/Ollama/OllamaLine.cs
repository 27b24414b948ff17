using System.Text.Json;

namespace Dragoman.Dialects.Ollama;

/// <summary>One line of a stream, its known members found: a view into the line's bytes.</summary>
internal ref struct OllamaLine
{
    public ReadOnlySpan<byte> Model;
    public ReadOnlySpan<byte> CreatedAt;
    public ReadOnlySpan<byte> Content;
    public ReadOnlySpan<byte> Thinking;
    public ReadOnlySpan<byte> ToolCalls;
    public ReadOnlySpan<byte> LogProbs;
    public ReadOnlySpan<byte> Error;
    public ReadOnlySpan<byte> DoneReason;
    public OllamaUsage Usage;
    public bool IsDone;

    /// <summary>It has a message or a response: without either it is no line of an answer.</summary>
    public bool IsAnswer;

    /// <summary>Finds the members; false where the line is no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out OllamaLine line)
    {
        line = default;
        try
        {
            var check = new Utf8JsonReader(
                data,
                new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            check.Read();
            if (check.TokenType != JsonTokenType.StartObject)
                return false;
            while (check.Read()) { }
        }
        catch (JsonException)
        {
            return false;
        }
        var members = new JsonWalk(data);
        while (members.Next())
            line.Note(members);
        return true;
    }

    /// <summary>Whether a member of the line is understood here.</summary>
    public static bool Knows(in JsonWalk member) =>
        member.Is("model"u8)
        || member.Is("created_at"u8)
        || member.Is("message"u8)
        || member.Is("response"u8)
        || member.Is("thinking"u8)
        || member.Is("tool_calls"u8)
        || member.Is("done"u8)
        || member.Is("done_reason"u8)
        || member.Is("logprobs"u8)
        || member.Is("error"u8)
        || member.Is("prompt_eval_count"u8)
        || member.Is("prompt_eval_cached_count"u8)
        || member.Is("eval_count"u8);

    private void Note(in JsonWalk member)
    {
        if (member.IsText && member.Is("model"u8))
            Model = member.Text;
        else if (member.IsText && member.Is("created_at"u8))
            CreatedAt = member.Text;
        else if (member.IsObject && member.Is("message"u8))
            NoteMessage(member.Value);
        else if (member.IsText && member.Is("response"u8))
        {
            Content = member.Text;
            IsAnswer = true;
        }
        else if (member.Is("done"u8))
            IsDone = member.Value.SequenceEqual("true"u8);
        else if (member.IsText && member.Is("done_reason"u8))
            DoneReason = member.Text;
        else if (member.IsList && member.Is("logprobs"u8))
            LogProbs = member.Value;
        else if (!member.IsNull && member.Is("error"u8))
            Error = member.Value;
        else if (member.Is("prompt_eval_count"u8))
            Usage.Prompt = Count(member);
        else if (member.Is("prompt_eval_cached_count"u8))
            Usage.Cached = Count(member);
        else if (member.Is("eval_count"u8))
            Usage.Eval = Count(member);
        else
            NoteSaid(member);
    }

    private void NoteMessage(ReadOnlySpan<byte> message)
    {
        IsAnswer = true;
        var members = new JsonWalk(message);
        while (members.Next())
        {
            if (members.IsText && members.Is("content"u8))
                Content = members.Text;
            else
                NoteSaid(members);
        }
    }

    /// <summary>What stands in a chat's message, and in a generated answer itself.</summary>
    private void NoteSaid(in JsonWalk member)
    {
        if (member.IsText && member.Is("thinking"u8))
            Thinking = member.Text;
        else if (member.IsList && member.Is("tool_calls"u8))
            ToolCalls = member.Value;
    }

    private static long? Count(in JsonWalk member) =>
        member.Integer is >= 0 and var count ? count : null;
}
