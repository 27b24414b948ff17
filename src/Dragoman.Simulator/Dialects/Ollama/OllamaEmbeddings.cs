using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Embeddings;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>Answers <c>embed</c>, and the older <c>embeddings</c> with its one prompt.</summary>
internal static class OllamaEmbeddings
{
    private const int UsualDimensions = 256;
    private const int MostDimensions = 4096;

    public static Reply Embed(Call call)
    {
        var inputs = call.Root.Texts("input");
        var dimensions = call.Root.Number("dimensions") ?? UsualDimensions;
        if (!call.Root.Has("input") || dimensions is < 1 or > MostDimensions)
            return call.Dialect.Refuse(new(400, "invalid input type or dimensions"));
        return call.Whole(
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteString("model", call.Model.Name);
                json.WriteStartArray("embeddings");
                foreach (var input in inputs)
                    WriteVector(json, HashedVector.Of(input, dimensions));
                json.WriteEndArray();
                json.WriteNumber("total_duration", 2_000_000);
                json.WriteNumber("load_duration", 1_000_000);
                json.WriteNumber("prompt_eval_count", inputs.Sum(input => TextPieces.Count(input)));
                json.WriteEndObject();
            })
        );
    }

    public static Reply One(Call call) =>
        call.Whole(
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WritePropertyName("embedding");
                WriteVector(json, HashedVector.Of(call.Root.Text("prompt") ?? "", UsualDimensions));
                json.WriteEndObject();
            })
        );

    private static void WriteVector(Utf8JsonWriter json, float[] vector)
    {
        json.WriteStartArray();
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
