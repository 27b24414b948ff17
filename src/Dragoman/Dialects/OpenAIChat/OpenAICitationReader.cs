using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads the sources that providers name: Perplexity's and xAI's <c>citations</c>, and <c>annotations</c> of a message.</summary>
internal static class OpenAICitationReader
{
    /// <summary>Whether a field of this name may hold sources.</summary>
    public static bool Knows(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("citations"u8) || name.SequenceEqual("annotations"u8);

    /// <summary>Adds the sources of a field's value that are not among <paramref name="known"/> yet.</summary>
    public static void Read(ReadOnlySpan<byte> value, List<Citation> known)
    {
        var items = new JsonWalk(value);
        while (items.Next())
        {
            var citation = items.IsText
                ? new Citation(Copy(items.Text))
                : OfAnnotation(items.Value);
            if (citation is not null && known.TrueForAll(other => other.Url != citation.Url))
                known.Add(citation);
        }
    }

    /// <summary>As <see cref="Read"/>, telling a sink of each new one.</summary>
    public static void Tell(ReadOnlySpan<byte> value, List<Citation> known, IChatEventSink sink)
    {
        var before = known.Count;
        Read(value, known);
        foreach (var citation in known[before..])
            sink.Take(
                ChatEvent.OfCitation(
                    citation.Url.Escaped.Span,
                    citation.Title.GetValueOrDefault().Escaped.Span,
                    dialect: OpenAIChatDialect.DialectName
                )
            );
    }

    /// <summary><c>{"type":"url_citation","url_citation":{"url":…,"title":…}}</c>, or the same with the members in place.</summary>
    private static Citation? OfAnnotation(ReadOnlySpan<byte> annotation)
    {
        JsonText? url = null;
        JsonText? title = null;
        var members = new JsonWalk(annotation);
        while (members.Next())
        {
            if (members.Is("url_citation"u8))
                return OfAnnotation(members.Value);
            if (members.IsText && members.Is("url"u8))
                url = Copy(members.Text);
            else if (members.IsText && members.Is("title"u8))
                title = Copy(members.Text);
        }
        // Some have no title and say the address instead, as we do.
        return url is { } known
            ? new Citation(known) { Title = title == known ? null : title }
            : null;
    }

    private static JsonText Copy(ReadOnlySpan<byte> escaped) =>
        JsonText.FromEscaped(escaped.ToArray());
}
