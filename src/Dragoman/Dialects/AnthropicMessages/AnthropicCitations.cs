using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>The citations of a text block: places in documents, search results and web pages.</summary>
internal static class AnthropicCitations
{
    /// <summary>The member of a text block that holds them.</summary>
    public const string Member = "citations";

    /// <summary>Tells one citation; of a web page by its address, of a document by its title.</summary>
    public static void Tell(ReadOnlySpan<byte> citation, IChatEventSink sink)
    {
        var (url, title, quote) = Find(citation);
        if (!url.IsEmpty || !title.IsEmpty || !quote.IsEmpty)
            sink.Take(ChatEvent.OfCitation(url, title, quote, AnthropicDialect.DialectName));
    }

    /// <summary>Adds the citations of a text block's list.</summary>
    public static void Read(RawJson list, List<Citation> citations)
    {
        var items = new JsonWalk(list.Utf8.Span);
        while (items.Next())
        {
            var (url, title, quote) = Find(items.Value);
            if (!url.IsEmpty || !title.IsEmpty || !quote.IsEmpty)
                citations.Add(
                    new Citation(Copy(url) ?? default) { Title = Copy(title), Quote = Copy(quote) }
                );
        }
    }

    /// <summary>Writes one of another dialect as a search result on the web, the only kind that has an address.</summary>
    public static void Write(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> url,
        ReadOnlySpan<byte> title,
        ReadOnlySpan<byte> quote
    )
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "web_search_result_location"u8);
        json.WritePropertyName("url"u8);
        JsonText.Write(json, url);
        json.WritePropertyName("title"u8);
        if (title.IsEmpty)
            json.WriteNullValue();
        else
            JsonText.Write(json, title);
        json.WritePropertyName("cited_text"u8);
        JsonText.Write(json, quote);
        // Anthropic's handle for its own searches; clients expect the member.
        json.WriteString("encrypted_index"u8, ""u8);
        json.WriteEndObject();
    }

    private static Found Find(ReadOnlySpan<byte> citation)
    {
        var found = default(Found);
        var members = new JsonWalk(citation);
        while (members.Next())
        {
            if (!members.IsText)
                continue;
            // A search result of the client's own says where it is from in source.
            if (members.Is("url"u8) || members.Is("source"u8))
                found.Url = members.Text;
            else if (members.Is("title"u8) || members.Is("document_title"u8))
                found.Title = members.Text;
            else if (members.Is("cited_text"u8))
                found.Quote = members.Text;
        }
        return found;
    }

    private static JsonText? Copy(ReadOnlySpan<byte> escaped) =>
        escaped.IsEmpty ? null : JsonText.FromEscaped(escaped.ToArray());

    private ref struct Found
    {
        public ReadOnlySpan<byte> Url;
        public ReadOnlySpan<byte> Title;
        public ReadOnlySpan<byte> Quote;

        public readonly void Deconstruct(
            out ReadOnlySpan<byte> url,
            out ReadOnlySpan<byte> title,
            out ReadOnlySpan<byte> quote
        )
        {
            url = Url;
            title = Title;
            quote = Quote;
        }
    }
}
