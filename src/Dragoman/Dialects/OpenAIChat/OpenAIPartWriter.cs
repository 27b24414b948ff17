using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes the parts of a message's content.</summary>
internal static class OpenAIPartWriter
{
    /// <summary>Whether a part is written among the content, rather than beside it or not at all.</summary>
    public static bool IsContent(Part part) =>
        part switch
        {
            TextPart or AudioPart or FilePart => true,
            ImagePart image => UrlOf(image.Source) is not null,
            RefusalPart refusal => refusal.IsListed,
            ReasoningPart reasoning => reasoning.WireName == "thinking",
            RawPart raw => !raw.IsToolCall && raw.Dialect == OpenAIChatDialect.DialectName,
            _ => false,
        };

    /// <param name="json">Stands in the message.</param>
    /// <param name="parts">Its parts.</param>
    /// <param name="target">Whom it goes to; null for a client.</param>
    public static void WriteList(
        Utf8JsonWriter json,
        IReadOnlyList<Part> parts,
        OpenAITarget? target
    )
    {
        json.WriteStartArray("content"u8);
        foreach (var part in parts)
        {
            if (part is RawPart raw && IsContent(part))
                DialectJson.Write(json, raw.Json);
            else if (part is FilePart file && TextOf(file) is { } text)
                WriteOne(json, new TextPart(text) { Raw = part.Raw }, target);
            else if (IsContent(part))
                WriteOne(json, part, target);
        }
        json.WriteEndArray();
    }

    /// <summary>A document of plain text as the text it is, under its name: this dialect takes only PDF as a file. Null for any other.</summary>
    public static JsonText? TextOf(FilePart file)
    {
        if (
            !file.Source.TryGetInline(out var mediaType, out var base64)
            || !mediaType.ToString().StartsWith("text/", StringComparison.Ordinal)
        )
            return null;
        var encoded = base64.ToString();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        var text = System.Text.Encoding.UTF8.GetString(bytes, 0, length);
        return JsonText.Of(file.FileName is { IsEmpty: false } name ? $"{name}:\n{text}" : text);
    }

    private static void WriteOne(Utf8JsonWriter json, Part part, OpenAITarget? target)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type"u8, "text"u8);
                DialectJson.Write(json, "text"u8, text.Text);
                break;
            case RefusalPart refusal:
                json.WriteString("type"u8, "refusal"u8);
                DialectJson.Write(json, "refusal"u8, refusal.Text);
                break;
            case ReasoningPart reasoning:
                WriteThinking(json, reasoning);
                break;
            case ImagePart image:
                WriteImage(json, image);
                break;
            case AudioPart audio:
                WriteAudio(json, audio);
                break;
            case FilePart file:
                WriteFile(json, file);
                break;
        }
        OpenAIJson.WriteRaw(json, part.Raw);
        foreach (var field in part.Raw)
        {
            if (field.Dialect != OpenAIChatDialect.DialectName && target?.Keeps(field) == true)
                DialectJson.WriteRaw(json, [field], field.Dialect);
        }
        json.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter json, ImagePart image)
    {
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        DialectJson.Write(json, "url"u8, UrlOf(image.Source));
        DialectJson.Write(json, "detail"u8, image.Detail);
        OpenAIJson.WriteRaw(json, image.Raw, "image_url");
        json.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter json, AudioPart audio)
    {
        audio.Source.TryGetInline(out var mediaType, out var data);
        json.WriteString("type"u8, "input_audio"u8);
        json.WriteStartObject("input_audio"u8);
        if (!data.IsEmpty)
            DialectJson.Write(json, "data"u8, data);
        DialectJson.Write(json, "format"u8, audio.Format ?? FormatOf(mediaType));
        OpenAIJson.WriteRaw(json, audio.Raw, "input_audio");
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, FilePart file)
    {
        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        var data = file.Source.MediaType is null ? file.Source.Data : null;
        DialectJson.Write(json, "filename"u8, file.FileName ?? UsualName(file.Source));
        DialectJson.Write(json, "file_data"u8, data ?? UrlOf(file.Source));
        DialectJson.Write(json, "file_id"u8, file.Source.FileId);
        OpenAIJson.WriteRaw(json, file.Raw, "file");
        json.WriteEndObject();
    }

    /// <summary>Bytes need a name; null where there is no need.</summary>
    private static JsonText? UsualName(MediaSource source) =>
        source.MediaType is null ? null : JsonText.Of("document.pdf");

    /// <summary>Mistral's way of reasoning in the content.</summary>
    private static void WriteThinking(Utf8JsonWriter json, ReasoningPart reasoning)
    {
        json.WriteString("type"u8, "thinking"u8);
        json.WriteStartArray("thinking"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        DialectJson.Write(json, "text"u8, reasoning.Text);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>The source as an address, a <c>data:</c> URL where the bytes are in place; null where only a file id is known.</summary>
    public static JsonText? UrlOf(MediaSource source)
    {
        if (source.Url is not null || source.Data is not { } data)
            return source.Url;
        var mediaType = source.MediaType ?? JsonText.Of("application/octet-stream");
        return JsonText.Join([JsonText.Of("data:"), mediaType, JsonText.Of(";base64,"), data]);
    }

    /// <summary>OpenAI's word for a media type: it says <c>mp3</c> and <c>wav</c>.</summary>
    private static JsonText? FormatOf(JsonText mediaType)
    {
        if (mediaType.IsEmpty)
            return null;
        var subtype = mediaType.ToString().Split('/', ';') is [_, var second, ..] ? second : "";
        return JsonText.Of(
            subtype switch
            {
                "mpeg" => "mp3",
                "x-wav" or "wave" => "wav",
                _ => subtype,
            }
        );
    }
}
