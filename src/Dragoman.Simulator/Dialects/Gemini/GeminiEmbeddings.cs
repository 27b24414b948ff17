using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Embeddings;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>Embeddings as the Gemini API has them, one or many, and as Vertex AI predicts them.</summary>
internal static class GeminiEmbeddings
{
    private const int UsualDimensions = 256;
    private const int MostDimensions = 4096;

    public static Reply One(Call call) =>
        Answer(
            call,
            [call.Root],
            (json, vectors) =>
            {
                json.WritePropertyName("embedding");
                WriteVector(json, vectors[0]);
            }
        );

    public static Reply Batch(Call call) =>
        Answer(
            call,
            [.. call.Root.EitherItems("requests")],
            (json, vectors) =>
            {
                json.WriteStartArray("embeddings");
                foreach (var vector in vectors)
                    WriteVector(json, vector);
                json.WriteEndArray();
            }
        );

    public static Reply Predict(Call call)
    {
        var texts = call
            .Root.EitherItems("instances")
            .Select(item => item.Text("content") ?? "")
            .ToList();
        var dimensions = call.Root.Object("parameters").EitherNumber("outputDimensionality");
        if (texts.Count == 0 || dimensions is < 1 or > MostDimensions)
            return call.Dialect.Refuse(new(400, "instances or parameters cannot be used."));
        return call.Whole(
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("predictions");
                foreach (var text in texts)
                {
                    json.WriteStartObject();
                    json.WriteStartObject("embeddings");
                    json.WriteStartObject("statistics");
                    json.WriteBoolean("truncated", false);
                    json.WriteNumber("token_count", TextPieces.Count(text));
                    json.WriteEndObject();
                    WriteValues(json, HashedVector.Of(text, dimensions ?? UsualDimensions));
                    json.WriteEndObject();
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            })
        );
    }

    private static Reply Answer(
        Call call,
        List<JsonElement> requests,
        Action<Utf8JsonWriter, List<float[]>> write
    )
    {
        var vectors = new List<float[]>();
        foreach (var request in requests)
        {
            var text = ContentsReader.Text(request.Object("content"));
            var dimensions = request.EitherNumber("outputDimensionality") ?? UsualDimensions;
            if (text.Length == 0 || dimensions is < 1 or > MostDimensions)
                return call.Dialect.Refuse(
                    new(400, "content is empty or outputDimensionality is out of range.")
                );
            vectors.Add(HashedVector.Of(text, dimensions));
        }
        if (vectors.Count == 0)
            return call.Dialect.Refuse(
                new(400, "* BatchEmbedContentsRequest.requests: at least one request is required")
            );
        return call.Whole(
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                write(json, vectors);
                json.WriteEndObject();
            })
        );
    }

    private static void WriteVector(Utf8JsonWriter json, float[] vector)
    {
        json.WriteStartObject();
        WriteValues(json, vector);
        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, float[] vector)
    {
        json.WriteStartArray("values");
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
