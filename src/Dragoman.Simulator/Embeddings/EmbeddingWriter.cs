using System.Buffers.Binary;
using System.Text.Json;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Embeddings;

/// <summary>Writes the answer to an embeddings request.</summary>
internal static class EmbeddingWriter
{
    public static byte[] Write(EmbeddingCall call, string model) =>
        Json.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var index = 0; index < call.Inputs.Count; index++)
            {
                json.WriteStartObject();
                json.WriteString("object", "embedding");
                json.WriteNumber("index", index);
                WriteVector(
                    json,
                    HashedVector.Of(call.Inputs[index], call.Dimensions),
                    call.Base64
                );
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("model", model);
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", call.Tokens);
            json.WriteNumber("total_tokens", call.Tokens);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool base64)
    {
        if (base64)
        {
            var bytes = new byte[vector.Length * sizeof(float)];
            for (var at = 0; at < vector.Length; at++)
                BinaryPrimitives.WriteSingleLittleEndian(
                    bytes.AsSpan(at * sizeof(float)),
                    vector[at]
                );
            json.WriteBase64String("embedding", bytes);
            return;
        }
        json.WriteStartArray("embedding");
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
