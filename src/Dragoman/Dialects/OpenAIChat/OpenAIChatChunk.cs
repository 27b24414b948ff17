using System.Text.Json;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>One chunk of a stream, its known members found: a view into the event's bytes.</summary>
internal ref struct OpenAIChatChunk
{
    public ReadOnlySpan<byte> Id;
    public ReadOnlySpan<byte> Model;
    public ReadOnlySpan<byte> Choices;
    public ReadOnlySpan<byte> Usage;
    public ReadOnlySpan<byte> Error;
    public ReadOnlySpan<byte> ServiceTier;
    public long Created;

    /// <summary>There are members that are not understood here.</summary>
    public bool HasOwnMembers;

    /// <summary>Perplexity's last chunk, which says the whole answer once more.</summary>
    public bool IsDone;

    /// <summary>Finds the members; false where the data is no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out OpenAIChatChunk chunk)
    {
        chunk = default;
        try
        {
            // The walk reads every byte, so it is the check as well.
            var members = new JsonWalk(data);
            if (!members.IsOverObject)
                return false;
            while (members.Next())
                chunk.Note(members);
            return members.EndsWhole();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether a member is understood here, or means nothing: padding (OpenAI's obfuscation, Mistral's p).</summary>
    public static bool Knows(in JsonWalk member) =>
        member.Is("id"u8)
        || member.Is("object"u8)
        || member.Is("created"u8)
        || member.Is("model"u8)
        || member.Is("choices"u8)
        || member.Is("usage"u8)
        || member.Is("error"u8)
        || member.Is("obfuscation"u8)
        || member.Is("p"u8);

    private void Note(in JsonWalk member)
    {
        if (member.IsText && member.Is("id"u8))
            Id = member.Text;
        else if (member.IsText && member.Is("model"u8))
            Model = member.Text;
        else if (member.Is("created"u8))
            Created = member.Integer ?? 0;
        else if (member.IsText && member.Is("object"u8))
            IsDone = member.Text.SequenceEqual("chat.completion.done"u8);
        else if (member.IsList && member.Is("choices"u8))
            Choices = member.Value;
        else if (member.IsObject && member.Is("usage"u8))
            Usage = member.Value;
        else if (member.IsObject && member.Is("x_groq"u8))
        {
            HasOwnMembers = true;
            NoteGroq(member.Value);
        }
        else if (!member.IsNull && member.Is("error"u8))
            Error = member.Value;
        else if (!Knows(member))
        {
            HasOwnMembers = true;
            if (member.IsText && member.Is("service_tier"u8))
                ServiceTier = member.Text;
        }
    }

    /// <summary>Groq says usage, and errors too, in a member of its own.</summary>
    private void NoteGroq(ReadOnlySpan<byte> groq)
    {
        var members = new JsonWalk(groq);
        while (members.Next())
        {
            if (members.IsObject && members.Is("usage"u8) && Usage.IsEmpty)
                Usage = members.Value;
            else if (!members.IsNull && members.Is("error"u8) && Error.IsEmpty)
                Error = members.Value;
        }
    }
}
