using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads the sources a candidate names: the chunks of <c>groundingMetadata</c>, and <c>citationMetadata</c>.</summary>
internal static class GeminiCitationReader
{
    /// <summary>Whether a member of a candidate may name sources.</summary>
    public static bool Knows(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("groundingMetadata"u8) || name.SequenceEqual("citationMetadata"u8);

    /// <summary>Adds the sources that are not among <paramref name="known"/> yet.</summary>
    public static void Read(ReadOnlySpan<byte> metadata, List<Citation> known)
    {
        var members = new JsonWalk(metadata);
        while (members.Next())
        {
            // Vertex says citations where the Gemini API says citationSources.
            if (
                !members.IsList
                || !(
                    members.Is("groundingChunks"u8)
                    || members.Is("citationSources"u8)
                    || members.Is("citations"u8)
                )
            )
                continue;
            var items = new JsonWalk(members.Value);
            while (items.Next())
            {
                if (
                    Source(items.Value) is { } citation
                    && known.TrueForAll(other =>
                        other.Url != citation.Url || other.Title != citation.Title
                    )
                )
                    known.Add(citation);
            }
        }
    }

    /// <summary>As <see cref="Read"/>, telling a sink of each new one.</summary>
    public static void Tell(ReadOnlySpan<byte> metadata, List<Citation> known, IChatEventSink sink)
    {
        var before = known.Count;
        Read(metadata, known);
        for (var i = before; i < known.Count; i++)
            sink.Take(
                ChatEvent.OfCitation(
                    known[i].Url.Escaped.Span,
                    known[i].Title.GetValueOrDefault().Escaped.Span,
                    dialect: GeminiDialect.DialectName
                )
            );
    }

    /// <summary><c>{"web": {"uri", "title"}}</c>, or the members in place.</summary>
    private static Citation? Source(ReadOnlySpan<byte> item)
    {
        JsonText? url = null;
        JsonText? title = null;
        var members = new JsonWalk(item);
        while (members.Next())
        {
            if (
                members.IsObject
                && (
                    members.Is("web"u8)
                    || members.Is("retrievedContext"u8)
                    || members.Is("maps"u8)
                    || members.Is("image"u8)
                )
            )
                return Source(members.Value);
            if (members.IsText && (members.Is("uri"u8) || members.Is("sourceUri"u8)))
                url = Copy(members.Text);
            else if (members.IsText && members.Is("title"u8))
                title = Copy(members.Text);
        }
        return url is { IsEmpty: false } || title is { IsEmpty: false }
            ? new Citation(url ?? default) { Title = title }
            : null;
    }

    private static JsonText Copy(ReadOnlySpan<byte> escaped) =>
        JsonText.FromEscaped(escaped.ToArray());
}
