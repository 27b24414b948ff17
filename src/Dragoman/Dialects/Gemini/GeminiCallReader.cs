using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads <c>functionCall</c> and <c>functionResponse</c>.</summary>
internal static class GeminiCallReader
{
    public static ToolCallPart ReadCall(ref JsonCursor json, GeminiCallIds? ids)
    {
        var at = json.Offset;
        var raw = new RawFields(GeminiDialect.DialectName) { Parent = "functionCall" };
        JsonText? id = null;
        JsonText? name = null;
        RawJson arguments = default;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("id"u8))
                id = json.Text(ref raw);
            else if (json.Is("name"u8))
                name = json.Text(ref raw);
            else if (json.Is("args"u8))
                arguments = json.Object(ref raw);
            else
                json.Carry(ref raw);
        }
        if (name is null)
            json.Missing("name", "a string", at);
        var fields = raw.ToList();
        return new ToolCallPart(name ?? default, ToolArguments.FromJson(arguments))
        {
            Id = ids is null ? id : ids.OfCall(id, name ?? default),
            Raw = arguments.IsEmpty ? GeminiJson.Marked(fields, "noArgs") : fields,
        };
    }

    public static ToolResultPart ReadResult(ref JsonCursor json, GeminiCallIds? ids)
    {
        var at = json.Offset;
        var raw = new RawFields(GeminiDialect.DialectName) { Parent = "functionResponse" };
        JsonText? id = null;
        JsonText? name = null;
        RawJson response = default;
        List<Part>? media = null;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("id"u8))
                id = json.Text(ref raw);
            else if (json.Is("name"u8))
                name = json.Text(ref raw);
            else if (json.Is("response"u8))
                response = json.Object(ref raw);
            else if (json.Is("parts"u8) && json.IsList)
                media = GeminiPartReader.ReadList(ref json, ids: null);
            else
                json.Carry(ref raw);
        }
        if (name is null)
            json.Missing("name", "the name of the function", at);
        var (text, isError) = GeminiToolOutput.Read(response);
        List<Part> content = text is { } said ? [new TextPart(said)] : [];
        if (media is not null)
            content.AddRange(media);
        return new ToolResultPart(ids is null ? id : ids.OfResult(id, name), content)
        {
            Name = name,
            IsError = isError ? true : null,
            Raw = raw.ToList(),
        };
    }
}
