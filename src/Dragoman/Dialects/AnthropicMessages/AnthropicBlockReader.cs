using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads content blocks, of requests and of replies. What the canonical shape does not know is carried whole.</summary>
internal static class AnthropicBlockReader
{
    public static List<Part> ReadList(ref JsonCursor json)
    {
        var parts = new List<Part>();
        while (json.NextItem())
        {
            if (ReadOne(ref json) is { } part)
                parts.Add(part);
        }
        return parts;
    }

    private static Part? ReadOne(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object with a type");
            return null;
        }
        // The type may stand behind the members it explains, so it is looked for first.
        var at = json.Offset;
        var whole = json.PeekJson();
        if (TypeOf(json) is not { } type)
        {
            json.Missing("type", "a string such as text or image", at);
            json.Skip();
            return new RawPart(AnthropicDialect.DialectName, "", whole);
        }
        if (type.Is("text"u8))
            return ReadText(ref json, at);
        if (type.Is("tool_use"u8))
            return ReadCall(ref json, at);
        if (type.Is("tool_result"u8))
            return ReadResult(ref json, at);
        if (type.Is("thinking"u8))
            return ReadThinking(ref json, "thinking"u8, "signature"u8);
        if (type.Is("redacted_thinking"u8))
            return ReadThinking(ref json, default, "data"u8);
        if (type.Is("image"u8))
            return AnthropicSourceReader.ReadImage(ref json, at);
        if (type.Is("document"u8))
            return AnthropicSourceReader.ReadDocument(ref json, at);
        json.Skip();
        return new RawPart(AnthropicDialect.DialectName, type.ToString(), whole);
    }

    /// <summary>What an object calls itself, wherever among its members; the cursor stays where it is.</summary>
    public static JsonText? TypeOf(JsonCursor ahead)
    {
        while (ahead.NextMember())
        {
            if (ahead.IsText && ahead.Is("type"u8))
                return ahead.TakeText();
            ahead.Skip();
        }
        return null;
    }

    private static TextPart ReadText(ref JsonCursor json, int at)
    {
        var raw = new RawFields(AnthropicDialect.DialectName);
        JsonText? text = null;
        while (json.NextMember())
        {
            if (json.Is("text"u8))
                text = json.Text(ref raw);
            else if (json.Is("type"u8))
                json.Skip();
            else
                json.Carry(ref raw);
        }
        if (text is null)
            json.Missing("text", "a string", at);
        return new TextPart(text ?? default) { Raw = raw.ToList() };
    }

    private static ToolCallPart ReadCall(ref JsonCursor json, int at)
    {
        var raw = new RawFields(AnthropicDialect.DialectName);
        JsonText? id = null;
        JsonText? name = null;
        var input = default(ToolArguments);
        while (json.NextMember())
        {
            if (json.Is("id"u8))
                id = json.Text(ref raw);
            else if (json.Is("name"u8))
                name = json.Text(ref raw);
            else if (json.Is("input"u8) && json.IsObject)
                input = ToolArguments.FromJson(json.TakeJson());
            else if (json.Is("type"u8))
                json.Skip();
            else
                json.Carry(ref raw);
        }
        if (id is null)
            json.Missing("id", "a string", at);
        if (name is null)
            json.Missing("name", "a string", at);
        return new ToolCallPart(name ?? default, input) { Id = id, Raw = raw.ToList() };
    }

    private static ToolResultPart ReadResult(ref JsonCursor json, int at)
    {
        var raw = new RawFields(AnthropicDialect.DialectName);
        JsonText? id = null;
        bool? isError = null;
        var isBare = false;
        List<Part> content = [];
        while (json.NextMember())
        {
            if (json.Is("type"u8))
                json.Skip();
            else if (json.Is("tool_use_id"u8))
                id = json.Text(ref raw);
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("is_error"u8))
                isError = json.Flag(ref raw);
            else if (!json.Is("content"u8) || json.IsEmptyList)
                json.Carry(ref raw);
            else if (json.IsText)
                (content, isBare) = ([new TextPart(json.TakeText())], true);
            else if (json.IsList)
                content = ReadList(ref json);
            else
                json.Refuse(ref raw, "a string or a list of content blocks");
        }
        if (id is null)
            json.Missing("tool_use_id", "a string", at);
        return new ToolResultPart(id, content)
        {
            IsError = isError,
            IsBareText = isBare,
            Raw = raw.ToList(),
        };
    }

    /// <summary>Reads thinking, or, where there is no text, what was withheld of it. An empty signature is none.</summary>
    private static ReasoningPart ReadThinking(
        ref JsonCursor json,
        ReadOnlySpan<byte> textName,
        ReadOnlySpan<byte> signatureName
    )
    {
        var raw = new RawFields(AnthropicDialect.DialectName);
        var text = default(JsonText);
        JsonText? signature = null;
        string? of = null;
        while (json.NextMember())
        {
            if (json.Is(signatureName) && json.IsText)
            {
                var shown = json.TakeText();
                if (!shown.IsEmpty)
                    (signature, of) = CarriedSignature.Read(shown, AnthropicDialect.DialectName);
            }
            else if (!textName.IsEmpty && json.Is(textName))
                text = json.Text(ref raw) ?? default;
            else if (json.Is("type"u8))
                json.Skip();
            else
                json.Carry(ref raw);
        }
        return new ReasoningPart(text)
        {
            Signature = signature,
            SignatureOf = of,
            IsRedacted = textName.IsEmpty,
            Raw = raw.ToList(),
        };
    }
}
