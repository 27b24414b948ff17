using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes the shape the answer must have.</summary>
internal static class GeminiFormatWriter
{
    public static void Write(
        Utf8JsonWriter json,
        ChatRequest request,
        in GeminiModel model,
        Losses losses
    )
    {
        if (request.ResponseFormat is not { } format)
            return;
        NameLosses(format, losses);
        if (IsSaidInWords(request, model))
            return;
        switch (format.Kind)
        {
            case ResponseFormatKind.Text:
                json.WriteString("responseMimeType"u8, "text/plain"u8);
                break;
            case ResponseFormatKind.JsonObject:
                json.WriteString("responseMimeType"u8, "application/json"u8);
                break;
            case ResponseFormatKind.JsonSchema:
                json.WriteString("responseMimeType"u8, "application/json"u8);
                WriteSchema(json, format, model, losses);
                break;
            case ResponseFormatKind.Raw when format.Dialect == GeminiDialect.DialectName:
                WriteMembers(json, format.Json);
                break;
            default:
                losses.Add("response_format");
                break;
        }
    }

    /// <summary>
    /// Models before the third generation refuse JSON answers beside functions ("Function calling with a response mime type:
    /// 'application/json' is unsupported"): the shape is then asked for in words.
    /// </summary>
    public static bool IsSaidInWords(ChatRequest request, in GeminiModel model) =>
        request.ResponseFormat
            is { Kind: ResponseFormatKind.JsonObject or ResponseFormatKind.JsonSchema }
        && !model.TakesJsonBesideTools
        && request.Tools.Any(static tool => tool is FunctionTool);

    /// <summary>The words that ask for it.</summary>
    public static JsonText InWords(ResponseFormat format) =>
        JsonText.Of(
            format.Kind is ResponseFormatKind.JsonSchema && !format.Schema.IsEmpty
                ? "Unless you call a function, answer with JSON alone, without code fences, that follows this JSON schema: "
                    + format.Schema
                : "Unless you call a function, answer with a JSON object alone, without code fences."
        );

    private static void WriteSchema(
        Utf8JsonWriter json,
        ResponseFormat format,
        in GeminiModel model,
        Losses losses
    )
    {
        const string Where = "response_format.json_schema.schema";
        if (format.Schema.IsEmpty)
            return;
        if (GeminiJson.IsMarked(format.Raw, "plainSchema"u8))
            DialectJson.Write(json, "responseSchema"u8, format.Schema);
        else if (GeminiJson.IsMarked(format.Raw, "schema"u8) || !model.TakesJsonSchema)
        {
            json.WritePropertyName("responseSchema"u8);
            GeminiSchemaWriter.Write(json, format.Schema, Where, losses);
        }
        else
        {
            GeminiSchemaKeywords.NameIgnored(format.Schema, Where, losses);
            DialectJson.Write(json, "responseJsonSchema"u8, format.Schema);
        }
    }

    private static void NameLosses(ResponseFormat format, Losses losses)
    {
        GeminiJson.NameLosses(format.Raw, "response_format", losses);
        if (format.Description is not null)
            losses.Add("response_format.json_schema.description");
    }

    private static void WriteMembers(Utf8JsonWriter json, RawJson whole)
    {
        var members = new JsonWalk(whole.Utf8.Span);
        while (members.Next())
        {
            json.WritePropertyName(JsonUnescape.ToText(members.Name));
            json.WriteRawValue(members.Value, skipInputValidation: true);
        }
    }
}
