using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Writes the content of messages and of tool results.</summary>
internal static class ResponsesPartWriter
{
    public static void WriteList(
        Utf8JsonWriter json,
        IReadOnlyList<Part> parts,
        bool isAssistant,
        Losses losses
    )
    {
        json.WriteStartArray();
        foreach (var part in parts)
            Write(json, part, isAssistant, losses);
        json.WriteEndArray();
    }

    /// <summary>Writes <c>{"type":…,"text":…}</c>.</summary>
    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> type, JsonText text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        DialectJson.Write(json, "text"u8, text);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Part part, bool isAssistant, Losses losses)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteStartObject();
                json.WriteString("type"u8, isAssistant ? "output_text"u8 : "input_text"u8);
                DialectJson.Write(json, "text"u8, text.Text);
                ResponsesJson.WriteRaw(json, text.Raw);
                json.WriteEndObject();
                break;
            case RefusalPart refusal:
                json.WriteStartObject();
                json.WriteString("type"u8, "refusal"u8);
                DialectJson.Write(json, "refusal"u8, refusal.Text);
                ResponsesJson.WriteRaw(json, refusal.Raw);
                json.WriteEndObject();
                break;
            case ImagePart image:
                json.WriteStartObject();
                json.WriteString("type"u8, "input_image"u8);
                DialectJson.Write(json, "image_url"u8, UrlOf(image.Source, "image/png"));
                DialectJson.Write(json, "file_id"u8, image.Source.FileId);
                DialectJson.Write(json, "detail"u8, image.Detail);
                ResponsesJson.WriteRaw(json, image.Raw);
                json.WriteEndObject();
                break;
            case FilePart file:
                WriteFile(json, file);
                break;
            case AudioPart:
                losses.Refuse("its dialect takes no audio");
                break;
            case RawPart raw when raw.Dialect == OpenAIResponsesDialect.DialectName:
                DialectJson.Write(json, raw.Json);
                break;
            case RawPart raw:
                losses.Add(raw.Type);
                break;
        }
    }

    private static void WriteFile(Utf8JsonWriter json, FilePart file)
    {
        var source = file.Source;
        json.WriteStartObject();
        json.WriteString("type"u8, "input_file"u8);
        DialectJson.Write(json, "file_id"u8, source.FileId);
        if (source.TryGetInline(out _, out _))
        {
            // Beside bytes there must be a name.
            DialectJson.Write(json, "filename"u8, file.FileName ?? JsonText.Of("file.pdf"));
            DialectJson.Write(json, "file_data"u8, UrlOf(source, "application/pdf"));
        }
        else
        {
            DialectJson.Write(json, "filename"u8, file.FileName);
            DialectJson.Write(json, "file_url"u8, source.Url);
        }
        ResponsesJson.WriteRaw(json, file.Raw);
        json.WriteEndObject();
    }

    /// <summary>An address, or the bytes as a <c>data:</c> URL; null where only a file id is known.</summary>
    private static JsonText? UrlOf(MediaSource source, string usualType)
    {
        if (source.Url is not null || source.Data is not { } data)
            return source.Url;
        return JsonText.Join([
            JsonText.Of("data:"),
            source.MediaType ?? JsonText.Of(usualType),
            JsonText.Of(";base64,"),
            data,
        ]);
    }
}
