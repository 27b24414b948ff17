using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes <c>response_format</c>.</summary>
internal static class OpenAIResponseFormatWriter
{
    public static void Write(Utf8JsonWriter json, ResponseFormat? format, Losses losses)
    {
        if (format is null)
            return;
        if (format.Kind is ResponseFormatKind.Raw)
        {
            if (format.Dialect == OpenAIChatDialect.DialectName)
                DialectJson.Write(json, "response_format"u8, format.Json);
            else
                losses.Add("response_format");
            return;
        }
        json.WriteStartObject("response_format"u8);
        switch (format.Kind)
        {
            case ResponseFormatKind.Text:
                json.WriteString("type"u8, "text"u8);
                break;
            case ResponseFormatKind.JsonObject:
                json.WriteString("type"u8, "json_object"u8);
                break;
            default:
                json.WriteString("type"u8, "json_schema"u8);
                WriteSchema(json, format);
                break;
        }
        OpenAIJson.WriteRaw(json, format.Raw);
        OpenAIJson.NameLosses(format.Raw, "response_format", losses);
        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("json_schema"u8);
        DialectJson.Write(json, "name"u8, format.Name);
        DialectJson.Write(json, "description"u8, format.Description);
        DialectJson.Write(json, "schema"u8, format.Schema);
        DialectJson.Write(json, "strict"u8, format.IsStrict);
        OpenAIJson.WriteRaw(json, format.Raw, "json_schema");
        json.WriteEndObject();
    }
}
