namespace Dragoman.Canonical;

/// <summary>An image.</summary>
public sealed record ImagePart(MediaSource Source) : Part
{
    /// <summary>How closely the model should look: <c>low</c>, <c>high</c>, <c>auto</c>.</summary>
    public JsonText? Detail { get; init; }
}

/// <summary>A sound, usually speech.</summary>
public sealed record AudioPart(MediaSource Source) : Part
{
    /// <summary><c>wav</c>, <c>mp3</c> …; null where only the source's media type tells.</summary>
    public JsonText? Format { get; init; }
}

/// <summary>A document, usually a PDF.</summary>
public sealed record FilePart(MediaSource Source) : Part
{
    public JsonText? FileName { get; init; }
}
