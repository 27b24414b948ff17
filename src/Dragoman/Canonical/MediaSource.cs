namespace Dragoman.Canonical;

/// <summary>Where the bytes of an image, sound or file are: an address, base64 in place, or a provider's file id.</summary>
public sealed record MediaSource
{
    /// <summary>An address; a <c>data:</c> URL is kept whole here, see <see cref="TryGetInline"/>.</summary>
    public JsonText? Url { get; init; }

    /// <summary>Base64 in place.</summary>
    public JsonText? Data { get; init; }

    /// <summary>The media type of <see cref="Data"/>, e.g. <c>image/png</c>.</summary>
    public JsonText? MediaType { get; init; }

    /// <summary>A file that the provider keeps.</summary>
    public JsonText? FileId { get; init; }

    /// <summary>The bytes in place as base64, from <see cref="Data"/> or a <c>data:</c> URL.</summary>
    /// <param name="mediaType">Empty where it is not said.</param>
    /// <param name="base64">The bytes.</param>
    public bool TryGetInline(out JsonText mediaType, out JsonText base64)
    {
        mediaType = MediaType ?? default;
        base64 = Data ?? default;
        if (Data is not null)
            return true;
        if (Url is not { } url || !url.Escaped.Span.StartsWith("data:"u8))
            return false;
        var marker = url.Escaped.Span.IndexOf(";base64,"u8);
        if (marker < 0)
            return false;
        mediaType = JsonText.FromEscaped(url.Escaped[5..marker]);
        base64 = JsonText.FromEscaped(url.Escaped[(marker + 8)..]);
        return true;
    }
}
