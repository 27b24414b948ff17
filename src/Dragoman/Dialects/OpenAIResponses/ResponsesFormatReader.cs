using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads <c>text.format</c>.</summary>
internal static class ResponsesFormatReader
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    public static ResponseFormat? Read(ref JsonCursor json, ref RawFields owner)
    {
        if (!json.IsObject)
        {
            json.Refuse(ref owner, "an object with a type");
            return null;
        }
        var whole = json.PeekJson();
        var type = ResponsesPartReader.TypeOf(json) ?? default;
        ResponseFormatKind? kind =
            type.Is("text"u8) ? ResponseFormatKind.Text
            : type.Is("json_object"u8) ? ResponseFormatKind.JsonObject
            : type.Is("json_schema"u8) ? ResponseFormatKind.JsonSchema
            : null;
        if (kind is not { } known)
        {
            json.Skip();
            return new ResponseFormat(ResponseFormatKind.Raw) { Json = whole, Dialect = Dialect };
        }
        var raw = new RawFields(Dialect);
        var format = new ResponseFormat(known);
        while (json.NextMember())
        {
            if (json.Is("type"u8))
                json.Skip();
            else if (json.IsNull)
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
        return format with { Raw = raw.ToList() };
    }
}
