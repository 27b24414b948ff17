using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>Writes what Ollama says of its models: <c>tags</c>, <c>ps</c>, <c>show</c>.</summary>
internal static class OllamaModels
{
    private const string Tag = ":latest";
    private const long Size = 4_000_000_000;
    private const int Context = 32_768;

    /// <summary>The name without the tag that is meant where there is none.</summary>
    public static string? Untagged(string? name) =>
        name?.EndsWith(Tag, StringComparison.Ordinal) == true ? name[..^Tag.Length] : name;

    public static byte[] Tags(SimulatorOptions options) =>
        Json.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("models");
            foreach (var name in SimulatedModel.Names(options, SimulatedDialect.Ollama))
            {
                json.WriteStartObject();
                WriteName(json, name);
                json.WriteString("modified_at", "2026-01-01T00:00:00.000000001Z");
                WriteDetails(json);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });

    public static byte[] Running(IEnumerable<(string Model, DateTimeOffset Until)> loaded) =>
        Json.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("models");
            foreach (var (name, until) in loaded)
            {
                json.WriteStartObject();
                WriteName(json, name);
                WriteDetails(json);
                json.WriteString("expires_at", until.ToString("o", CultureInfo.InvariantCulture));
                json.WriteNumber("size_vram", Size);
                json.WriteNumber("context_length", Context);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });

    public static byte[] Show(SimulatedModel model) =>
        Json.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("modelfile", $"FROM simulated\nPARAMETER num_ctx {Context}");
            json.WriteString("parameters", $"num_ctx {Context}");
            json.WriteString("template", "{{ .Prompt }}");
            WriteDetails(json);
            json.WriteStartObject("model_info");
            json.WriteString("general.architecture", "simulated");
            json.WriteNumber("general.parameter_count", 7_000_000_000);
            json.WriteNumber("simulated.context_length", Context);
            json.WriteNumber("simulated.embedding_length", 256);
            json.WriteEndObject();
            json.WriteStartArray("capabilities");
            foreach (var capability in Capabilities(model.Character))
                json.WriteStringValue(capability);
            json.WriteEndArray();
            json.WriteString("modified_at", "2026-01-01T00:00:00.000000001Z");
            json.WriteEndObject();
        });

    private static string[] Capabilities(ModelCharacter character) =>
        character switch
        {
            ModelCharacter.Embedding => ["embedding"],
            ModelCharacter.Reasoning => ["completion", "tools", "vision", "thinking"],
            _ => ["completion", "tools", "vision"],
        };

    private static void WriteName(Utf8JsonWriter json, string name)
    {
        json.WriteString("name", name + Tag);
        json.WriteString("model", name + Tag);
        json.WriteNumber("size", Size);
        json.WriteString("digest", StableHash.Id(Encoding.UTF8.GetBytes(name)));
    }

    private static void WriteDetails(Utf8JsonWriter json)
    {
        json.WriteStartObject("details");
        json.WriteString("parent_model", "");
        json.WriteString("format", "gguf");
        json.WriteString("family", "simulated");
        json.WriteStartArray("families");
        json.WriteStringValue("simulated");
        json.WriteEndArray();
        json.WriteString("parameter_size", "7B");
        json.WriteString("quantization_level", "Q4_K_M");
        json.WriteEndObject();
    }
}
