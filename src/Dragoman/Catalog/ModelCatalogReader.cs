using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>Reads <c>models.json</c>: models grouped by provider, one object each, what is unknown left out.</summary>
internal static class ModelCatalogReader
{
    public static (string Date, IReadOnlyList<ModelEntry> Models) Read(
        ReadOnlyMemory<byte> utf8Json
    )
    {
        using var document = JsonDocument.Parse(utf8Json);
        var root = document.RootElement;
        if (
            !root.TryGetProperty("schema"u8, out var schema)
            || schema.GetInt32() != 1
            || !root.TryGetProperty("providers"u8, out var providers)
        )
            throw new JsonException("not a model catalog of schema 1");
        List<ModelEntry> models = new(1024);
        foreach (var provider in providers.EnumerateObject())
        {
            var name = provider.Name;
            foreach (var model in provider.Value.EnumerateArray())
                models.Add(Model(name, model));
        }
        return (root.GetProperty("date"u8).GetString()!, models);
    }

    private static ModelEntry Model(string provider, JsonElement row)
    {
        var id = row.GetProperty("id"u8).GetString()!;
        return new ModelEntry
        {
            Provider = provider,
            Id = id,
            Model = JsonFacts.Text(row, "model"u8) ?? id,
            Family = JsonFacts.Text(row, "family"u8),
            Kind = row.TryGetProperty("kind"u8, out var kind) ? Kind(kind) : ModelKind.Chat,
            Status = row.TryGetProperty("status"u8, out var status)
                ? Status(status)
                : ModelStatus.Active,
            ContextWindow = JsonFacts.Whole(row, "context"u8),
            MaxOutput = JsonFacts.Whole(row, "output"u8),
            Dimensions = (int?)JsonFacts.Whole(row, "dimensions"u8),
            Released = JsonFacts.Text(row, "released"u8),
            Replacement = JsonFacts.Text(row, "replacement"u8),
            Aliases = JsonFacts.Texts(row, "aliases"u8) ?? [],
            LocalAliases = JsonFacts.Texts(row, "localAliases"u8) ?? [],
            ReasoningEfforts = JsonFacts.Texts(row, "efforts"u8),
            Capabilities = Capabilities(row),
            Prices = row.TryGetProperty("prices"u8, out var prices)
                ? PriceSheetReader.Read(prices)
                : null,
        };
    }

    private static ModelCapabilities Capabilities(JsonElement row)
    {
        var can = row.TryGetProperty("can"u8, out var yes) ? yes : default;
        var cannot = row.TryGetProperty("cannot"u8, out var no) ? no : default;
        if (can.ValueKind == JsonValueKind.Undefined && cannot.ValueKind == can.ValueKind)
            return ModelCapabilities.Unknown;
        return new ModelCapabilities
        {
            Tools = Says("tools"u8, can, cannot),
            StructuredOutput = Says("structuredOutput"u8, can, cannot),
            Reasoning = Says("reasoning"u8, can, cannot),
            Vision = Says("vision"u8, can, cannot),
            Pdf = Says("pdf"u8, can, cannot),
            Audio = Says("audio"u8, can, cannot),
            Temperature = Says("temperature"u8, can, cannot),
            Embeddings = Says("embeddings"u8, can, cannot),
            OpenWeights = Says("openWeights"u8, can, cannot),
            AssistantPrefill = Says("assistantPrefill"u8, can, cannot),
        };
    }

    private static bool? Says(ReadOnlySpan<byte> flag, JsonElement can, JsonElement cannot) =>
        Lists(can, flag) ? true
        : Lists(cannot, flag) ? false
        : null;

    private static bool Lists(JsonElement list, ReadOnlySpan<byte> flag)
    {
        if (list.ValueKind != JsonValueKind.Array)
            return false;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueEquals(flag))
                return true;
        }
        return false;
    }

    private static ModelKind Kind(JsonElement word) =>
        word.GetString() switch
        {
            "chat" => ModelKind.Chat,
            "embedding" => ModelKind.Embedding,
            "rerank" => ModelKind.Rerank,
            "moderation" => ModelKind.Moderation,
            "image" => ModelKind.Image,
            "video" => ModelKind.Video,
            "speechToText" => ModelKind.SpeechToText,
            "textToSpeech" => ModelKind.TextToSpeech,
            var other => throw new JsonException($"unknown kind of model: {other}"),
        };

    private static ModelStatus Status(JsonElement word) =>
        word.GetString() switch
        {
            "active" => ModelStatus.Active,
            "alpha" or "beta" => ModelStatus.Beta,
            "legacy" => ModelStatus.Legacy,
            "deprecated" => ModelStatus.Deprecated,
            var other => throw new JsonException($"unknown status of a model: {other}"),
        };
}
