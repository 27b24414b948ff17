using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIEmbeddings;

/// <summary>Writes embeddings in the encoding the client asked for.</summary>
internal static class OpenAIEmbeddingReplyWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="reply">The embeddings.</param>
    /// <param name="asked">
    /// What the client asked for: openai-node and all that is built on it asks for base64 and decodes floats to garbage. Null, and what
    /// cannot be converted, is left as it came.
    /// </param>
    /// <param name="fallbackModel">Stands in for a model the provider did not name.</param>
    public static void Write(
        IBufferWriter<byte> output,
        EmbeddingReply reply,
        EmbeddingEncoding? asked,
        JsonText fallbackModel
    )
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var embedding in reply.Embeddings)
            WriteOne(json, embedding, asked);
        json.WriteEndArray();
        DialectJson.Write(json, "model"u8, reply.Model ?? fallbackModel);
        WriteUsage(json, reply);
        OpenAIJson.WriteRaw(json, reply.Raw);
        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, Embedding embedding, EmbeddingEncoding? asked)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "embedding"u8);
        json.WriteNumber("index"u8, embedding.Index);
        if (asked is null || asked == embedding.Encoding || embedding.ToFloats() is not { } floats)
            DialectJson.Write(json, "embedding"u8, embedding.Value);
        else if (asked is EmbeddingEncoding.Base64)
            WriteBase64(json, floats);
        else if (asked is EmbeddingEncoding.Float)
            WriteFloats(json, floats);
        else
            DialectJson.Write(json, "embedding"u8, embedding.Value);
        OpenAIJson.WriteRaw(json, embedding.Raw);
        json.WriteEndObject();
    }

    private static void WriteFloats(Utf8JsonWriter json, float[] floats)
    {
        json.WriteStartArray("embedding"u8);
        foreach (var number in floats)
            json.WriteNumberValue(float.IsFinite(number) ? number : 0);
        json.WriteEndArray();
    }

    private static void WriteBase64(Utf8JsonWriter json, float[] floats)
    {
        var bytes = new byte[floats.Length * sizeof(float)];
        for (var i = 0; i < floats.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), floats[i]);
        json.WriteBase64String("embedding"u8, bytes);
    }

    private static void WriteUsage(Utf8JsonWriter json, EmbeddingReply reply)
    {
        if (reply.RawUsage is { Dialect: OpenAIChatDialect.DialectName } raw)
        {
            DialectJson.Write(json, "usage"u8, raw.Value);
            return;
        }
        if (reply.Usage is not { } usage)
            return;
        var input = usage.TotalInput ?? 0;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, input);
        json.WriteNumber("total_tokens"u8, usage.ReportedTotal ?? input);
        json.WriteEndObject();
    }
}
