using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// Which images and documents this dialect takes (platform.claude.com, vision and PDF support, seen 2026-11): images as JPEG, PNG,
/// GIF and WebP, documents as PDF and plain text, in place, by address, or as a file Anthropic keeps.
/// </summary>
internal static class AnthropicMedia
{
    /// <summary>Why an image cannot be sent; null where it can, and then <paramref name="source"/> is as it goes.</summary>
    public static string? Refuse(ImagePart image, out MediaSource source)
    {
        source = image.Source;
        if (AnthropicJson.Has(image.Raw, AnthropicSourceReader.Source))
            return null;
        if (!source.TryGetInline(out var mediaType, out var base64))
            return RefuseReference(source);
        if (mediaType.Is("image/jpg"u8))
            mediaType = JsonText.Of("image/jpeg");
        source = new MediaSource { Data = base64, MediaType = mediaType };
        return
            mediaType.Is("image/jpeg"u8)
            || mediaType.Is("image/png"u8)
            || mediaType.Is("image/gif"u8)
            || mediaType.Is("image/webp"u8)
            ? null
            : $"images of the type '{mediaType}'";
    }

    /// <summary>Why a document cannot be sent; null where it can, and then <paramref name="source"/> is as it goes.</summary>
    public static string? Refuse(FilePart file, out MediaSource source)
    {
        source = file.Source;
        if (AnthropicJson.Has(file.Raw, AnthropicSourceReader.Source))
            return null;
        if (!source.TryGetInline(out var mediaType, out var base64))
            return RefuseReference(source);
        // The letters that "%PDF-" begins with in base64.
        if (mediaType.IsEmpty && base64.Escaped.Span.StartsWith("JVBERi"u8))
            mediaType = JsonText.Of("application/pdf");
        source = new MediaSource { Data = base64, MediaType = mediaType };
        return mediaType.Is("application/pdf"u8) || IsText(mediaType)
            ? null
            : $"documents of the type '{mediaType}'";
    }

    /// <summary>What can be told as plain text.</summary>
    public static bool IsText(JsonText mediaType) =>
        mediaType.Escaped.Span.StartsWith("text/"u8)
        || mediaType.Is("application/json"u8)
        || mediaType.Is("application/xml"u8);

    /// <summary>A file id is known only to the provider that keeps the file; Anthropic's begin so.</summary>
    private static string? RefuseReference(MediaSource source) =>
        source.Url is { } url
            ? url.Escaped.Span.StartsWith("data:"u8)
                ? "data: addresses without base64"
                : null
            : source.FileId is not { } id
                ? "media without bytes or address"
                : id.Escaped.Span.StartsWith("file_"u8)
                    ? null
                    : "files that another provider keeps";
}
