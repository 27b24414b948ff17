using System.Text.Json;
using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>Reads the lists in which servers in the house say what they have; null where an answer is none, since anything may listen on a port.</summary>
internal static class ModelLists
{
    private const int MaxModels = 2_000;
    private const int LongestName = 256;

    public static IReadOnlyList<ServedModel>? Read(ModelListKind kind, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var name = kind == ModelListKind.Ollama ? "models"u8 : "data"u8;
            if (
                json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty(name, out var list)
            )
                return null;
            // Ollama without a single model answers null.
            if (list.ValueKind == JsonValueKind.Null)
                return [];
            if (list.ValueKind != JsonValueKind.Array)
                return null;
            var models = new List<ServedModel>();
            foreach (var item in list.EnumerateArray().Take(MaxModels))
            {
                if (item.ValueKind == JsonValueKind.Object && Model(kind, item) is { } model)
                    models.Add(model);
            }
            return models;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ServedModel? Model(ModelListKind kind, JsonElement item)
    {
        var name =
            kind == ModelListKind.Ollama
                ? Text(item, "name"u8) ?? Text(item, "model"u8)
                : Text(item, "id"u8);
        if (name is not { Length: > 0 and <= LongestName })
            return null;
        return kind switch
        {
            ModelListKind.Ollama => OllamaModel(new ServedModel(name), item),
            ModelListKind.LMStudio => LMStudioModel(new ServedModel(name), item),
            _ => new ServedModel(name),
        };
    }

    /// <summary>docs.ollama.com/api/tags (seen 2026-11): a model that runs elsewhere has <c>remote_host</c> and <c>remote_model</c>.</summary>
    private static ServedModel OllamaModel(ServedModel model, JsonElement item)
    {
        model = model with
        {
            Digest = Text(item, "digest"u8),
            Size = Number(item, "size"u8),
            ModifiedAt = Text(item, "modified_at"u8),
            RunsElsewhere = RunsElsewhere(item),
        };
        return item.TryGetProperty("details"u8, out var details)
            ? OllamaDescription.WithDetails(model, details)
            : model;
    }

    /// <summary>
    /// lmstudio.ai/docs/developer/rest/endpoints (seen 2026-11): <c>type</c> is llm, vlm or embeddings, <c>capabilities</c> may hold
    /// <c>tool_use</c>. Whether a model is loaded now says nothing: a call loads it.
    /// </summary>
    private static ServedModel LMStudioModel(ServedModel model, JsonElement item)
    {
        var type = Text(item, "type"u8);
        return model with
        {
            Family = Text(item, "arch"u8),
            Format = Text(item, "compatibility_type"u8),
            Quantization = Text(item, "quantization"u8),
            ContextWindow = Number(item, "max_context_length"u8),
            Capabilities = new ModelCapabilities
            {
                Embeddings = type is null ? null : type == "embeddings",
                Vision = type is null ? null : type == "vlm",
                Tools =
                    Has(item, "capabilities"u8, "tool_use") ? true
                    : type == "embeddings" ? false
                    : null,
            },
        };
    }

    internal static bool RunsElsewhere(JsonElement item) =>
        Text(item, "remote_host"u8) is not null || Text(item, "remote_model"u8) is not null;

    internal static string? Text(JsonElement item, ReadOnlySpan<byte> name) =>
        item.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    internal static long? Number(JsonElement item, ReadOnlySpan<byte> name) =>
        item.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number)
        && number > 0
            ? number
            : null;

    internal static bool Has(JsonElement item, ReadOnlySpan<byte> name, string text) =>
        item.TryGetProperty(name, out var list)
        && list.ValueKind == JsonValueKind.Array
        && list.EnumerateArray()
            .Any(word => word.ValueKind == JsonValueKind.String && word.ValueEquals(text));
}
