using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Reads a message: of a request, or the one of a reply.</summary>
internal static class OllamaMessageReader
{
    private const string Roles = "one of system, user, assistant, tool";

    /// <summary>Reads the message the cursor stands on; null where it is none.</summary>
    public static Message? Read(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object with role and content");
            return null;
        }
        var at = json.Offset;
        var found = new Found { Raw = new RawFields(OllamaDialect.DialectName) };
        while (json.NextMember())
            ReadMember(ref json, ref found);
        if (found.Role is null)
            json.Missing("role", Roles, at);
        return found.ToMessage();
    }

    private static void ReadMember(ref JsonCursor json, ref Found found)
    {
        if (json.IsNull)
            json.Carry(ref found.Raw);
        else if (json.Is("role"u8))
            found.Role = Role(ref json, ref found.Raw);
        else if (json.Is("content"u8))
            found.Content = json.Text(ref found.Raw);
        else if (json.Is("thinking"u8) && !json.ValueIs(""u8))
            found.Thinking = json.Text(ref found.Raw);
        else if (json.Is("tool_calls"u8))
            OllamaToolReader.ReadCalls(ref json, ref found.ToolCalls, ref found.Raw);
        else if (json.Is("tool_name"u8))
            found.ToolName = json.Text(ref found.Raw);
        else if (json.Is("tool_call_id"u8))
            found.ToolCallId = json.Text(ref found.Raw);
        else if (json.Is("images"u8) && !json.IsEmptyList)
            found.Images = OllamaImages.Read(ref json, ref found.Raw);
        else
            json.Carry(ref found.Raw);
    }

    /// <summary>Ollama reads roles in any case.</summary>
    private static MessageRole? Role(ref JsonCursor json, ref RawFields raw)
    {
        if (json.IsText)
        {
            var word = json.TakeText().Escaped.Span;
            if (Ascii.EqualsIgnoreCase(word, "user"u8))
                return MessageRole.User;
            if (Ascii.EqualsIgnoreCase(word, "assistant"u8))
                return MessageRole.Assistant;
            if (Ascii.EqualsIgnoreCase(word, "system"u8))
                return MessageRole.System;
            if (Ascii.EqualsIgnoreCase(word, "tool"u8))
                return MessageRole.Tool;
        }
        json.Refuse(ref raw, Roles);
        return null;
    }

    /// <summary>A message's pieces in the order they happen to come.</summary>
    private ref struct Found
    {
        public MessageRole? Role;
        public JsonText? Content;
        public JsonText? Thinking;
        public JsonText? ToolName;
        public JsonText? ToolCallId;
        public IReadOnlyList<Part>? Images;
        public List<Part>? ToolCalls;
        public RawFields Raw;

        public readonly Message ToMessage()
        {
            var content = new List<Part>();
            if (Content is { IsEmpty: false } text)
                content.Add(new TextPart(text));
            content.AddRange(Images ?? []);
            var parts = new List<Part>();
            if (Thinking is { } thinking)
                parts.Add(new ReasoningPart(thinking));
            if (Role is MessageRole.Tool)
                parts.Add(new ToolResultPart(ToolCallId, content) { Name = ToolName });
            else
                parts.AddRange(content);
            parts.AddRange(ToolCalls ?? []);
            return new Message(Role ?? MessageRole.Assistant, parts)
            {
                IsBareText = true,
                Raw = Raw.ToList(),
            };
        }
    }
}
