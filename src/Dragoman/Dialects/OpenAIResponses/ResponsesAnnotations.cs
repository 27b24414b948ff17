using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads the sources that annotations of a text name.</summary>
internal static class ResponsesAnnotations
{
    /// <summary>Adds the sources of a list of annotations that are not known yet.</summary>
    public static void Read(ReadOnlySpan<byte> annotations, List<Citation> known)
    {
        var items = new JsonWalk(annotations);
        while (items.Next())
            TryAdd(items.Value, known);
    }

    /// <summary>Adds the source of one annotation; false where it names none, or one that is known.</summary>
    public static bool TryAdd(ReadOnlySpan<byte> annotation, List<Citation> known)
    {
        JsonText? url = null;
        JsonText? title = null;
        JsonText? file = null;
        var members = new JsonWalk(annotation);
        while (members.Next())
        {
            if (!members.IsText)
                continue;
            if (members.Is("url"u8))
                url = Copy(members.Text);
            else if (members.Is("title"u8))
                title = Copy(members.Text);
            else if (members.Is("filename"u8))
                file = Copy(members.Text);
        }
        if (url is null && file is null)
            return false;
        var citation = new Citation(url ?? default) { Title = title ?? file };
        if (
            known.Exists(other =>
                other.Url == citation.Url && (url is not null || other.Title == citation.Title)
            )
        )
            return false;
        known.Add(citation);
        return true;
    }

    private static JsonText Copy(ReadOnlySpan<byte> escaped) =>
        JsonText.FromEscaped(escaped.ToArray());
}
