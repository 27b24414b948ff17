using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Images as Ollama has them: bare base64 in a list beside the text, without a word on their kind.</summary>
internal static class OllamaImages
{
    public static IReadOnlyList<Part> Read(ref JsonCursor json, ref RawFields raw)
    {
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of images in base64");
            return [];
        }
        var images = new List<Part>();
        while (json.NextItem())
        {
            if (!json.IsText)
                json.RefuseItem("an image in base64");
            else
                images.Add(new ImagePart(SourceOf(json.TakeText())));
        }
        return images;
    }

    /// <summary>Writes the member where a message has images; one that is not in place makes the target unfit.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Part> parts, Losses losses)
    {
        var isBegun = false;
        foreach (var part in parts)
        {
            if (part is not ImagePart image)
                continue;
            if (!image.Source.TryGetInline(out _, out var base64))
            {
                losses.Refuse(
                    image.Source.Url is null
                        ? "it takes images in place only, and one is a file of another provider"
                        : "it takes images in place only, and one is an address"
                );
                continue;
            }
            if (!isBegun)
                json.WriteStartArray("images"u8);
            isBegun = true;
            base64.WriteTo(json);
        }
        if (isBegun)
            json.WriteEndArray();
    }

    private static MediaSource SourceOf(JsonText image) =>
        image.Escaped.Span.StartsWith("data:"u8)
            ? new MediaSource { Url = image }
            : new MediaSource { Data = image, MediaType = JsonText.Of(KindOf(image.Escaped.Span)) };

    /// <summary>The first bytes tell; other dialects must be told. What nobody knows is most likely a photograph.</summary>
    private static string KindOf(ReadOnlySpan<byte> base64) =>
        base64.StartsWith("iVBOR"u8) ? "image/png"
        : base64.StartsWith("R0lGOD"u8) ? "image/gif"
        : base64.StartsWith("UklGR"u8) ? "image/webp"
        : base64.StartsWith("Qk"u8) ? "image/bmp"
        : "image/jpeg";
}
