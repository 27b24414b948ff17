using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Writes sources as <c>annotations</c>. Where in the text they belong is not known, but clients reject an annotation without
/// places, so both are 0. A document of the request has no address: its title alone says which, and the words cited stand beside.
/// </summary>
internal static class OpenAIAnnotationWriter
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Citation> citations)
    {
        if (citations.Count == 0)
            return;
        json.WriteStartArray("annotations"u8);
        foreach (var citation in citations)
            Write(json, citation);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Citation citation)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "url_citation"u8);
        json.WriteStartObject("url_citation"u8);
        DialectJson.Write(json, "url"u8, citation.Url);
        DialectJson.Write(json, "title"u8, citation.Title ?? citation.Url);
        json.WriteNumber("start_index"u8, 0);
        json.WriteNumber("end_index"u8, 0);
        DialectJson.Write(json, "cited_text"u8, citation.Quote);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
