using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes embeddings: lists of numbers, which are all that this dialect knows.</summary>
internal static class GeminiEmbeddingReplyWriter
{
    public static void Write(IBufferWriter<byte> output, EmbeddingReply reply, bool isOne)
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        var ordered = reply.Embeddings.OrderBy(static one => one.Index);
        if (isOne)
        {
            json.WritePropertyName("embedding"u8);
            if (ordered.FirstOrDefault() is { } only)
                WriteOne(json, only);
            else
                json.WriteNullValue();
        }
        else
        {
            json.WriteStartArray("embeddings"u8);
            foreach (var embedding in ordered)
                WriteOne(json, embedding);
            json.WriteEndArray();
        }
        if (reply.RawUsage is { Dialect: GeminiDialect.DialectName } raw)
            DialectJson.Write(json, "usageMetadata"u8, raw.Value);
        else if (reply.Usage is { } usage)
        {
            json.WritePropertyName("usageMetadata"u8);
            GeminiUsageWriter.Write(json, usage);
        }
        GeminiJson.WriteRaw(json, reply.Raw);
        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, Embedding embedding)
    {
        json.WriteStartObject();
        json.WritePropertyName("values"u8);
        if (embedding.Encoding is not EmbeddingEncoding.Float && embedding.ToFloats() is { } floats)
        {
            json.WriteStartArray();
            foreach (var number in floats)
                json.WriteNumberValue(float.IsFinite(number) ? number : 0);
            json.WriteEndArray();
        }
        else
            DialectJson.Write(json, embedding.Value);
        GeminiJson.WriteRaw(json, embedding.Raw);
        json.WriteEndObject();
    }
}
