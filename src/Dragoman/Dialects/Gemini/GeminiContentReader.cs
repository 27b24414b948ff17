using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads a content: one of <c>contents</c>, the <c>systemInstruction</c>, or that of a candidate.</summary>
internal static class GeminiContentReader
{
    private const string Roles = "user, model or function";

    /// <summary>Reads the content the cursor stands on; null where it is none.</summary>
    /// <param name="json">Stands on the content.</param>
    /// <param name="role">Who says it where it does not say so itself.</param>
    /// <param name="ids">Gives ids to calls without one; null in an answer.</param>
    public static Message? Read(ref JsonCursor json, MessageRole role, GeminiCallIds? ids)
    {
        if (json.IsText && role is MessageRole.System)
            return new Message(role, [new TextPart(json.TakeText())]);
        if (!json.IsObject)
        {
            json.RefuseItem("an object with parts");
            return null;
        }
        var at = json.Offset;
        var raw = new RawFields(GeminiDialect.DialectName);
        List<Part>? parts = null;
        MessageRole? said = null;
        var isFunction = false;
        while (json.NextMember())
        {
            if (json.IsList && json.Is("parts"u8))
                parts = GeminiPartReader.ReadList(ref json, ids);
            // One part in place of the list is what Google's own servers take too.
            else if (json.IsObject && json.Is("parts"u8))
                parts = [new RawPart(GeminiDialect.DialectName, "part", json.TakeJson())];
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("parts"u8))
                json.Refuse(ref raw, "a list of parts");
            else if (json.Is("role"u8) && role is not MessageRole.System)
            {
                isFunction = json.ValueIs("function"u8);
                said = Role(ref json, ref raw);
            }
            else
                json.Carry(ref raw);
        }
        if (parts is null && ids is not null)
            json.Missing("parts", "a list of parts", at);
        var fields = raw.ToList();
        if (said is null && role is not MessageRole.System)
            fields = GeminiJson.Marked(fields, "noRole");
        if (isFunction)
            fields = GeminiJson.Marked(fields, "function");
        if (parts is null)
            fields = GeminiJson.Marked(fields, "noParts");
        return new Message(said ?? role, parts ?? []) { Raw = fields };
    }

    private static MessageRole? Role(ref JsonCursor json, ref RawFields raw)
    {
        if (json.ValueIs("user"u8))
            return MessageRole.User;
        if (json.ValueIs("model"u8))
            return MessageRole.Assistant;
        if (json.ValueIs("function"u8))
            return MessageRole.Tool;
        json.Refuse(ref raw, Roles);
        return null;
    }
}
