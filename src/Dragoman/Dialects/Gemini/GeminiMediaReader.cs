using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads <c>inlineData</c> and <c>fileData</c>: what they are, only their media type tells.</summary>
internal static class GeminiMediaReader
{
    public static Part Read(ref JsonCursor json, string member)
    {
        var at = json.Offset;
        var raw = new RawFields(GeminiDialect.DialectName) { Parent = member };
        JsonText? mediaType = null;
        JsonText? data = null;
        JsonText? address = null;
        JsonText? name = null;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (GeminiJson.Is(json, "mimeType"u8))
                mediaType = json.Text(ref raw);
            else if (json.Is("data"u8))
                data = json.Text(ref raw);
            else if (GeminiJson.Is(json, "fileUri"u8))
                address = json.Text(ref raw);
            else if (GeminiJson.Is(json, "displayName"u8))
                name = json.Text(ref raw);
            else
                json.Carry(ref raw);
        }
        if (member == "fileData" && address is null)
            json.Missing("fileUri", "a string", at);
        if (member == "inlineData" && data is null)
            json.Missing("data", "base64", at);
        var isKept = address is { } uri && IsKept(uri);
        var source = new MediaSource
        {
            Data = data,
            Url = isKept ? null : address,
            FileId = isKept ? address : null,
            MediaType = mediaType,
        };
        var kind = mediaType?.ToString() ?? "";
        if (kind.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
            return new ImagePart(source) { Raw = Named(raw, member, name) };
        if (kind.StartsWith("audio/", StringComparison.OrdinalIgnoreCase))
            return new AudioPart(source) { Raw = Named(raw, member, name) };
        var fields = raw.ToList();
        return new FilePart(source)
        {
            FileName = name,
            Raw = name is null ? fields : GeminiJson.Marked(fields, "displayName"),
        };
    }

    /// <summary>Files of Google's own (its file service, its storage): no other provider can fetch them.</summary>
    private static bool IsKept(JsonText uri)
    {
        var text = uri.ToString();
        return !text.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith(
                "https://generativelanguage.googleapis.com/",
                StringComparison.OrdinalIgnoreCase
            );
    }

    private static IReadOnlyList<RawField> Named(RawFields raw, string member, JsonText? name) =>
        name is { } known
            ?
            [
                .. raw.ToList(),
                new RawField(
                    GeminiDialect.DialectName,
                    member,
                    JsonText.Of("displayName"),
                    new RawJson((byte[])[(byte)'"', .. known.Escaped.Span, (byte)'"'])
                ),
            ]
            : raw.ToList();
}
