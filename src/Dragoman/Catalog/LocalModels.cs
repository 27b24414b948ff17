using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>The models that one can run in the house, by their names in Ollama's library. Immutable; the built-in ones are read on first use.</summary>
public sealed class LocalModels
{
    private static readonly Lazy<LocalModels> BuiltIn = new(static () =>
        Load(EmbeddedJson.Read("local-models.json"))
    );

    private readonly Dictionary<string, LocalModel> _byTag = new(StringComparer.Ordinal);

    private LocalModels(IReadOnlyList<LocalModel> models)
    {
        All = models;
        foreach (var model in models)
            _byTag.Add(model.Tag, model);
    }

    /// <summary>Those that ship with the product.</summary>
    public static LocalModels Default => BuiltIn.Value;

    public IReadOnlyList<LocalModel> All { get; }

    /// <summary>The model of that tag, e.g. <c>codellama:7b</c>; null where there is none. Other names lead to it through the catalog's row.</summary>
    public LocalModel? Find(string tag) => _byTag.GetValueOrDefault(tag);

    /// <summary>Reads models in the schema of <c>local-models.json</c>; throws <see cref="JsonException"/> on any other.</summary>
    public static LocalModels Load(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        if (!document.RootElement.TryGetProperty("models"u8, out var rows))
            throw new JsonException("not a list of local models");
        List<LocalModel> models = new(rows.GetArrayLength());
        foreach (var row in rows.EnumerateArray())
            models.Add(Read(row));
        return new LocalModels(models);
    }

    private static LocalModel Read(JsonElement row) =>
        new()
        {
            Tag = row.GetProperty("tag"u8).GetString()!,
            Name = row.GetProperty("name"u8).GetString()!,
            Model = row.GetProperty("model"u8).GetString()!,
            Family = row.GetProperty("family"u8).GetString()!,
            Parameters = (double?)JsonFacts.Number(row, "parametersB"u8),
            ActiveParameters = (double?)JsonFacts.Number(row, "activeParametersB"u8),
            Type = row.GetProperty("type"u8).GetString() switch
            {
                "small" => LocalModelType.Small,
                "large" => LocalModelType.Large,
                "specialised" => LocalModelType.Specialised,
                "embedding" => LocalModelType.Embedding,
                var other => throw new JsonException($"unknown type of a local model: {other}"),
            },
            BestFor = JsonFacts.Texts(row, "bestFor"u8) ?? [],
            Licence = JsonFacts.Text(row, "licence"u8),
            NativeContext = JsonFacts.Whole(row, "nativeContext"u8),
            DefaultContext = JsonFacts.Whole(row, "defaultContext"u8),
            Dimensions = (int?)JsonFacts.Whole(row, "dimensions"u8),
            Quantisation = JsonFacts.Text(row, "quantisation"u8),
            FileBytes = JsonFacts.Whole(row, "fileBytes"u8),
            Files = row.TryGetProperty("files"u8, out var files)
                ? files
                    .EnumerateObject()
                    .ToDictionary(
                        static file => file.Name,
                        static file => file.Value.GetInt64(),
                        StringComparer.Ordinal
                    )
                : [],
            KvBytesPerToken = JsonFacts.Whole(row, "kvBytesPerToken"u8),
            Sliding = row.TryGetProperty("slidingLayers"u8, out var sliding)
                ? new SlidingLayers(
                    row.GetProperty("layers"u8).GetInt32(),
                    sliding.GetInt32(),
                    row.GetProperty("slidingWindow"u8).GetInt32()
                )
                : null,
        };
}
