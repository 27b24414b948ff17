using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes <c>inlineData</c> and <c>fileData</c>.</summary>
internal static class GeminiMediaWriter
{
    private static readonly (string Ending, string MediaType)[] Endings =
    [
        (".png", "image/png"),
        (".jpg", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".webp", "image/webp"),
        (".gif", "image/gif"),
        (".heic", "image/heic"),
        (".heif", "image/heif"),
        (".pdf", "application/pdf"),
        (".txt", "text/plain"),
        (".md", "text/md"),
        (".csv", "text/csv"),
        (".html", "text/html"),
        (".json", "application/json"),
        (".wav", "audio/wav"),
        (".mp3", "audio/mp3"),
        (".mp4", "video/mp4"),
        (".mov", "video/mov"),
        (".webm", "video/webm"),
    ];

    public static MediaSource? SourceOf(Part part) =>
        part switch
        {
            ImagePart image => image.Source,
            AudioPart audio => audio.Source,
            FilePart file => file.Source,
            _ => null,
        };

    /// <summary>Writes the member; the part is open.</summary>
    public static void Write(
        Utf8JsonWriter json,
        Part part,
        MediaSource source,
        Action<Part, JsonText>? tellGuess
    )
    {
        var isInline = source.TryGetInline(out var mediaType, out var data);
        var address = source.Url ?? source.FileId ?? default;
        JsonText? type =
            !mediaType.IsEmpty ? mediaType
            : source.MediaType is { IsEmpty: false } said ? said
            : null;
        if (type is null && tellGuess is not null)
        {
            type = Guess(part, isInline ? default : address, out var isCertain);
            if (!isCertain)
                tellGuess(part, type.Value);
        }
        json.WriteStartObject(isInline ? "inlineData"u8 : "fileData"u8);
        DialectJson.Write(json, "mimeType"u8, type);
        if (isInline)
            DialectJson.Write(json, "data"u8, data);
        else
            DialectJson.Write(json, "fileUri"u8, address);
        if (part is FilePart { FileName: { } name } && IsOwn(part))
            DialectJson.Write(json, "displayName"u8, name);
        GeminiJson.WriteRaw(json, part.Raw, isInline ? "inlineData" : "fileData");
        json.WriteEndObject();
    }

    /// <summary>A name is taken back only where it came from: Gemini's own servers refuse it (Vertex alone knows it).</summary>
    private static bool IsOwn(Part part) => GeminiJson.IsMarked(part.Raw, "displayName"u8);

    private static JsonText Guess(Part part, JsonText address, out bool isCertain)
    {
        isCertain = true;
        if (part is AudioPart { Format: { } format })
            return JsonText.Of("audio/" + format);
        var named = part is FilePart { FileName: { } name } ? name : address;
        var path = named.ToString().Split('?', '#')[0];
        foreach (var (ending, mediaType) in Endings)
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return JsonText.Of(mediaType);
        }
        isCertain = false;
        return JsonText.Of(
            part is ImagePart ? "image/jpeg"
            : part is AudioPart ? "audio/wav"
            : "application/pdf"
        );
    }
}
