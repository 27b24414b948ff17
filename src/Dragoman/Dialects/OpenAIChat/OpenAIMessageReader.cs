using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads a message of a request or of a reply.</summary>
internal static class OpenAIMessageReader
{
    private const string Roles = "one of system, developer, user, assistant, tool, function";

    /// <summary>Reads the message the cursor stands on; null where it is none.</summary>
    public static Message? Read(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object with role and content");
            return null;
        }
        var at = json.Offset;
        var found = new Found { Raw = new RawFields(OpenAIChatDialect.DialectName) };
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
            ReadContent(ref json, ref found);
        else if (json.Is("name"u8))
            found.Name = json.Text(ref found.Raw);
        else if (json.Is("tool_calls"u8))
            OpenAIToolReader.ReadCalls(ref json, ref found.ToolCalls, ref found.Raw);
        else if (json.Is("tool_call_id"u8))
            found.ToolCallId = json.Text(ref found.Raw);
        else if (json.Is("refusal"u8) && json.IsText)
            found.Refusal = new RefusalPart(json.TakeText());
        // Two names for one thing, and some servers send both with the same text: the second is carried raw.
        else if (found.Reasoning is null && json.IsText && json.Is("reasoning_content"u8))
            found.TakeReasoning(ref json, "reasoning_content");
        else if (found.Reasoning is null && json.IsText && json.Is("reasoning"u8))
            found.TakeReasoning(ref json, "reasoning");
        else if (json.IsList && json.Is("reasoning_details"u8))
            found.Details = json.TakeJson();
        else
            json.Carry(ref found.Raw);
    }

    private static MessageRole? Role(ref JsonCursor json, ref RawFields raw)
    {
        if (json.ValueIs("user"u8))
            return MessageRole.User;
        if (json.ValueIs("assistant"u8))
            return MessageRole.Assistant;
        if (json.ValueIs("system"u8))
            return MessageRole.System;
        if (json.ValueIs("developer"u8))
            return MessageRole.Developer;
        if (json.ValueIs("tool"u8))
            return MessageRole.Tool;
        if (json.ValueIs("function"u8))
            return MessageRole.Function;
        json.Refuse(ref raw, Roles);
        return null;
    }

    private static void ReadContent(ref JsonCursor json, ref Found found)
    {
        if (json.IsText)
        {
            found.Content = [new TextPart(json.TakeText())];
            found.IsBareText = true;
        }
        else if (json.IsList && !json.IsEmptyList)
        {
            found.Content = OpenAIPartReader.ReadList(ref json);
        }
        else if (json.IsList)
        {
            json.Carry(ref found.Raw);
        }
        else
        {
            json.Refuse(ref found.Raw, "a string or a list of parts");
        }
    }

    /// <summary>A message's pieces in the order they happen to come.</summary>
    private ref struct Found
    {
        public MessageRole? Role;
        public JsonText? Name;
        public JsonText? ToolCallId;
        public ReasoningPart? Reasoning;
        public RawJson ReasoningJson;
        public RawJson Details;
        public RefusalPart? Refusal;
        public List<Part>? Content;
        public List<Part>? ToolCalls;
        public bool IsBareText;
        public RawFields Raw;

        public void TakeReasoning(ref JsonCursor json, string name)
        {
            ReasoningJson = json.PeekJson();
            Reasoning = new ReasoningPart(json.TakeText()) { WireName = name };
        }

        public Message ToMessage()
        {
            var parts = new List<Part>();
            AddReasoning(parts);
            if (Role is MessageRole.Tool || ToolCallId is not null)
                parts.Add(new ToolResultPart(ToolCallId, Content ?? []));
            else if (Content is not null)
                parts.AddRange(Content);
            if (Refusal is not null)
                parts.Add(Refusal);
            if (ToolCalls is not null)
                parts.AddRange(ToolCalls);
            return new Message(Role ?? MessageRole.Assistant, parts)
            {
                Name = Name,
                IsBareText = IsBareText,
                Raw = Raw.ToList(),
            };
        }

        /// <summary>
        /// <c>reasoning_details</c> say the same as the text beside them, and more: where there are any, they are the reasoning, and
        /// the text is only carried. Those of ours are no provider's and are not carried.
        /// </summary>
        private void AddReasoning(List<Part> parts)
        {
            var details = OpenAIReasoningDetails.Read(
                Details.Utf8.Span,
                hasText: Reasoning is not null,
                out var isOurs
            );
            if (details.Count == 0)
            {
                if (Reasoning is not null)
                    parts.Add(Reasoning);
            }
            else
            {
                if (Reasoning is { } text && details.TrueForAll(static part => part.Text.IsEmpty))
                    GiveText(details, text);
                else if (Reasoning is { WireName: { } name } && !isOurs)
                    Raw.Add(JsonText.Of(name), ReasoningJson);
                parts.AddRange(details);
            }
            if (!Details.IsEmpty && !isOurs)
                Raw.Add(JsonText.Of(OpenAIReasoningDetails.Member), Details);
        }

        /// <summary>The details vouch for the text beside them.</summary>
        private static void GiveText(List<ReasoningPart> details, ReasoningPart text)
        {
            if (
                details is [{ IsRedacted: false } only]
                && only.SignatureOf != OpenAIChatDialect.DialectName
            )
                details[0] = only with { Text = text.Text };
            else
                details.Insert(0, text);
        }
    }
}
