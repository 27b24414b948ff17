using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads <c>response_format</c>.</summary>
internal static class OpenAIResponseFormatReader
{
    public static ResponseFormat? Read(ref JsonCursor json, ref RawFields owner)
    {
        if (!json.IsObject)
        {
            json.Refuse(ref owner, "an object with a type");
            return null;
        }
        var whole = json.PeekJson();
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        var format = new ResponseFormat(ResponseFormatKind.Raw)
        {
            Json = whole,
            Dialect = OpenAIChatDialect.DialectName,
        };
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.ValueIs("text"u8) && json.Is("type"u8))
                format = new ResponseFormat(ResponseFormatKind.Text);
            else if (json.ValueIs("json_object"u8) && json.Is("type"u8))
                format = new ResponseFormat(ResponseFormatKind.JsonObject);
            else if (json.IsObject && json.Is("json_schema"u8))
                format = ReadSchema(ref json, ref raw);
            else if (!json.ValueIs("json_schema"u8) || !json.Is("type"u8))
                json.Carry(ref raw);
        }
        return format.Kind is ResponseFormatKind.Raw ? format : format with { Raw = raw.ToList() };
    }

    private static ResponseFormat ReadSchema(ref JsonCursor json, ref RawFields raw)
    {
        var format = new ResponseFormat(ResponseFormatKind.JsonSchema);
        raw.Parent = "json_schema";
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("name"u8))
                format = format with { Name = json.Text(ref raw) };
            else if (json.Is("description"u8))
                format = format with { Description = json.Text(ref raw) };
            else if (json.Is("schema"u8))
                format = format with { Schema = json.Object(ref raw) };
            else if (json.Is("strict"u8))
                format = format with { IsStrict = json.Flag(ref raw) };
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
        return format;
    }
}
