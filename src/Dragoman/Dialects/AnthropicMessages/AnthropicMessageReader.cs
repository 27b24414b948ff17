using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads the messages of a request, and its system prompt.</summary>
internal static class AnthropicMessageReader
{
    private const string Roles = "user or assistant";

    public static IReadOnlyList<Message> ReadList(ref JsonCursor json, ref RawFields raw)
    {
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of messages");
            return [];
        }
        var messages = new List<Message>();
        while (json.NextItem())
        {
            if (ReadOne(ref json) is { } message)
                messages.Add(message);
        }
        return messages;
    }

    /// <summary>Reads <c>system</c>: a string or a list of blocks; null where it says nothing.</summary>
    public static Message? ReadSystem(ref JsonCursor json, ref RawFields raw)
    {
        if (json.IsText)
            return new Message(MessageRole.System, [new TextPart(json.TakeText())])
            {
                IsBareText = true,
            };
        if (json.IsEmptyList)
            json.Carry(ref raw);
        else if (json.IsList)
            return new Message(MessageRole.System, AnthropicBlockReader.ReadList(ref json));
        else
            json.Refuse(ref raw, "a string or a list of text blocks");
        return null;
    }

    private static Message? ReadOne(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object with role and content");
            return null;
        }
        var at = json.Offset;
        var raw = new RawFields(AnthropicDialect.DialectName);
        MessageRole? role = null;
        IReadOnlyList<Part>? parts = null;
        var isBare = false;
        while (json.NextMember())
        {
            if (json.Is("role"u8))
                role = Role(ref json, ref raw);
            else if (!json.Is("content"u8) || json.IsEmptyList)
                json.Carry(ref raw);
            else if (json.IsText)
                (parts, isBare) = ([new TextPart(json.TakeText())], true);
            else if (json.IsList)
                parts = AnthropicBlockReader.ReadList(ref json);
            else
                json.Refuse(ref raw, "a string or a list of content blocks");
        }
        if (role is null)
            json.Missing("role", Roles, at);
        return new Message(role ?? MessageRole.User, parts ?? [])
        {
            IsBareText = isBare,
            Raw = raw.ToList(),
        };
    }

    private static MessageRole? Role(ref JsonCursor json, ref RawFields raw)
    {
        if (json.ValueIs("user"u8))
            return MessageRole.User;
        if (json.ValueIs("assistant"u8))
            return MessageRole.Assistant;
        // In place rather than in front: newer models take instructions within the conversation.
        if (json.ValueIs("system"u8))
        {
            raw.Add(AnthropicTurn.InPlace, RawJson.Of("null"));
            return MessageRole.System;
        }
        json.Refuse(ref raw, Roles);
        return null;
    }
}
