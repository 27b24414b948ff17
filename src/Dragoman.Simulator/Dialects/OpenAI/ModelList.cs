using System.Text.Json;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>Writes the model list and single models.</summary>
internal static class ModelList
{
    // Any fixed moment will do; this is 2026-01-01.
    private const long Created = 1767225600;

    public static byte[] All(SimulatorOptions options) =>
        Json.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var name in SimulatedModel.Names(options, SimulatedDialect.OpenAIChat))
                Write(json, name);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    public static byte[] One(string name) => Json.Bytes(json => Write(json, name));

    private static void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteNumber("created", Created);
        json.WriteString("owned_by", "simulator");
        json.WriteEndObject();
    }
}
