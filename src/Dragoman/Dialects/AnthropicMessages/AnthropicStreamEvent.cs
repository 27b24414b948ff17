using System.Text.Json;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>One event of a stream, its known members found: a view into the event's bytes.</summary>
internal ref struct AnthropicStreamEvent
{
    public ReadOnlySpan<byte> Type;
    public ReadOnlySpan<byte> Message;
    public ReadOnlySpan<byte> Block;
    public ReadOnlySpan<byte> Delta;
    public ReadOnlySpan<byte> Usage;
    public int Index;

    /// <summary>Finds the members; false where the data is no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out AnthropicStreamEvent found)
    {
        found = default;
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
            found.Note(members);
        return true;
    }

    /// <summary>Whether a member of a message's end is understood here.</summary>
    public static bool Knows(in JsonWalk member) =>
        member.Is("type"u8) || member.Is("delta"u8) || member.Is("usage"u8);

    private void Note(in JsonWalk member)
    {
        if (member.IsText && member.Is("type"u8))
            Type = member.Text;
        else if (member.Is("index"u8))
            Index = (int)Math.Clamp(member.Integer ?? 0, 0, int.MaxValue);
        else if (member.IsObject && member.Is("delta"u8))
            Delta = member.Value;
        else if (member.IsObject && member.Is("content_block"u8))
            Block = member.Value;
        else if (member.IsObject && member.Is("message"u8))
            Message = member.Value;
        else if (member.IsObject && member.Is("usage"u8))
            Usage = member.Value;
    }
}
