using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>The known kinds of providers, by name and alias. Immutable; the built-in ones are read on first use.</summary>
public sealed class ProviderTypes
{
    private static readonly Lazy<ProviderTypes> BuiltIn = new(static () =>
        Load(EmbeddedJson.Read("providers.json"))
    );

    private readonly Dictionary<string, ProviderType> _byName = new(
        StringComparer.OrdinalIgnoreCase
    );

    private ProviderTypes(IReadOnlyList<ProviderType> types)
    {
        All = types;
        foreach (var type in types)
        {
            _byName.Add(type.Name, type);
            foreach (var alias in type.Aliases)
                _byName.Add(alias, type);
        }
    }

    /// <summary>The types that ship with the product.</summary>
    public static ProviderTypes Default => BuiltIn.Value;

    public IReadOnlyList<ProviderType> All { get; }

    /// <summary>The type of that name or alias, in any case; null where there is none.</summary>
    public ProviderType? Find(string nameOrAlias) => _byName.GetValueOrDefault(nameOrAlias);

    /// <summary>Reads types in the schema of <c>providers.json</c>; throws <see cref="JsonException"/> on any other.</summary>
    public static ProviderTypes Load(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        if (!document.RootElement.TryGetProperty("types"u8, out var rows))
            throw new JsonException("not a list of provider types");
        List<ProviderType> types = new(rows.GetArrayLength());
        foreach (var row in rows.EnumerateArray())
            types.Add(Read(row));
        return new ProviderTypes(types);
    }

    private static ProviderType Read(JsonElement row) =>
        new()
        {
            Name = row.GetProperty("name"u8).GetString()!,
            Aliases = JsonFacts.Texts(row, "aliases"u8) ?? [],
            Dialect = row.GetProperty("dialect"u8).GetString()!,
            Speaks = row.TryGetProperty("speaks"u8, out var speaks) ? Spoken(speaks) : [],
            KeyPlace = JsonFacts.Text(row, "keyPlace"u8) switch
            {
                null => null,
                "bearer" => KeyPlace.Bearer,
                "x-api-key" => KeyPlace.XApiKey,
                "x-goog-api-key" => KeyPlace.XGoogApiKey,
                "api-key" => KeyPlace.ApiKey,
                var other => throw new JsonException($"unknown place of a key: {other}"),
            },
            BaseUrl = JsonFacts.Text(row, "baseUrl"u8),
            DefaultPath = row.GetProperty("defaultPath"u8).GetString()!,
            ModelsPath = JsonFacts.Text(row, "modelsPath"u8),
            KeyVariables = JsonFacts.Texts(row, "keyVariables"u8) ?? [],
            BaseUrlVariables = JsonFacts.Texts(row, "baseUrlVariables"u8) ?? [],
            Headers = row.TryGetProperty("headers"u8, out var headers) ? Headers(headers) : [],
            Settings = row.TryGetProperty("settings"u8, out var settings) ? Settings(settings) : [],
            KeySetting = JsonFacts.Text(row, "keySetting"u8),
            KeyOptional = JsonFacts.Flag(row, "keyOptional"u8) ?? false,
            CatalogName = JsonFacts.Text(row, "catalogName"u8),
            StreamOptions = JsonFacts.Flag(row, "streamOptions"u8) ?? true,
            DeveloperRole = JsonFacts.Flag(row, "developerRole"u8) ?? false,
            ReasoningOutsideCompletion =
                JsonFacts.Flag(row, "reasoningOutsideCompletion"u8) ?? false,
            ReportsCost = JsonFacts.Flag(row, "reportsCost"u8) ?? false,
            EmbeddingBatch = row.TryGetProperty("embeddingBatch"u8, out var batch)
                ? batch.GetInt32()
                : 96,
            KeepsResponses = JsonFacts.Flag(row, "keepsResponses"u8) ?? false,
            Prefill = JsonFacts.Text(row, "prefill"u8) switch
            {
                null => PrefillStyle.None,
                "lastMessage" => PrefillStyle.LastMessage,
                "prefix" => PrefillStyle.Prefix,
                "continueFinalMessage" => PrefillStyle.ContinueFinalMessage,
                var other => throw new JsonException($"unknown prefill style: {other}"),
            },
            Chat = ChatHabitsReader.Read(row),
            Source = row.GetProperty("source"u8).GetString()!,
        };

    private static List<SpokenDialect> Spoken(JsonElement list)
    {
        List<SpokenDialect> spoken = new(list.GetArrayLength());
        foreach (var row in list.EnumerateArray())
            spoken.Add(
                new SpokenDialect(
                    row.GetProperty("dialect"u8).GetString()!,
                    row.GetProperty("path"u8).GetString()!
                )
                {
                    Models = JsonFacts.Text(row, "models"u8),
                    OmitsModel = JsonFacts.Flag(row, "omitsModel"u8) ?? false,
                    FunctionsOnly = JsonFacts.Flag(row, "functionsOnly"u8) ?? false,
                    BodyMembers = JsonFacts.Text(row, "bodyMembers"u8),
                }
            );
        return spoken;
    }

    private static List<ProviderSetting> Settings(JsonElement list)
    {
        List<ProviderSetting> settings = new(list.GetArrayLength());
        foreach (var setting in list.EnumerateArray())
            settings.Add(
                new ProviderSetting(
                    setting.GetProperty("name"u8).GetString()!,
                    JsonFacts.Texts(setting, "variables"u8) ?? []
                )
            );
        return settings;
    }

    private static List<ProviderHeader> Headers(JsonElement list)
    {
        List<ProviderHeader> headers = new(list.GetArrayLength());
        foreach (var header in list.EnumerateArray())
            headers.Add(
                new ProviderHeader(
                    header.GetProperty("name"u8).GetString()!,
                    header.GetProperty("setting"u8).GetString()!,
                    JsonFacts.Text(header, "variable"u8)
                )
            );
        return headers;
    }
}
