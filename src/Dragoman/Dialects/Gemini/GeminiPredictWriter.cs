using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Writes embeddings as Vertex AI takes them, which has no <c>batchEmbedContents</c>: <c>predict</c> with an instance a text
/// (docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api, seen 2026-11).
/// </summary>
internal static class GeminiPredictWriter
{
    public static void Write(Utf8JsonWriter json, EmbeddingRequest request, Losses losses)
    {
        json.WriteStartObject();
        json.WriteStartArray("instances"u8);
        foreach (var input in request.Inputs)
        {
            if (input.Text is not { } text)
            {
                losses.Refuse("it embeds text, not token ids");
                continue;
            }
            json.WriteStartObject();
            DialectJson.Write(json, "content"u8, text);
            WriteOwn(json, request.Raw, "taskType"u8, "task_type"u8);
            WriteOwn(json, request.Raw, "title"u8, "title"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (request.Dimensions is { } dimensions)
        {
            json.WriteStartObject("parameters"u8);
            json.WriteNumber("outputDimensionality"u8, dimensions);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteOwn(
        Utf8JsonWriter json,
        IReadOnlyList<RawField> fields,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> written
    )
    {
        foreach (var field in fields)
        {
            if (
                field.Dialect == GeminiDialect.DialectName
                && (field.Name.Is(name) || field.Name.Is(written))
            )
                DialectJson.Write(json, written, field.Value);
        }
    }
}
