using System.Text;
using System.Text.Json;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>Writes <c>groundingMetadata</c> (ai.google.dev/gemini-api/docs/google-search, seen 2026-11): places are counted in bytes of UTF-8.</summary>
internal static class GroundingWriter
{
    public static void Write(Utf8JsonWriter json, string text)
    {
        var end = Encoding.UTF8.GetByteCount(text);
        json.WriteStartObject("groundingMetadata");
        json.WriteStartArray("groundingChunks");
        json.WriteStartObject();
        json.WriteStartObject("web");
        json.WriteString("uri", Citation.Url);
        json.WriteString("title", Citation.Title);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("groundingSupports");
        json.WriteStartObject();
        json.WriteStartObject("segment");
        json.WriteNumber("startIndex", end - Encoding.UTF8.GetByteCount(Citation.Sentence));
        json.WriteNumber("endIndex", end);
        json.WriteString("text", Citation.Sentence);
        json.WriteEndObject();
        json.WriteStartArray("groundingChunkIndices");
        json.WriteNumberValue(0);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("webSearchQueries");
        json.WriteStringValue(Citation.Query);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
