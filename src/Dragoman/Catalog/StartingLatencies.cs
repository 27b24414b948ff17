using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>The starting latencies of <c>latency.json</c> by model and provider. Read on first use, not at the start.</summary>
internal sealed class StartingLatencies
{
    private static readonly Lazy<StartingLatencies> BuiltIn = new(static () =>
        Load(EmbeddedJson.Read("latency.json"))
    );

    private readonly Dictionary<(string Model, string? Provider), StartingLatency> _rows = [];

    /// <summary>Those that ship with the product.</summary>
    public static StartingLatencies Default => BuiltIn.Value;

    /// <summary>As seen at the provider, else as seen at others that serve the same model; null where nobody told.</summary>
    /// <param name="provider">A provider type's name in the catalog.</param>
    /// <param name="model"><see cref="ModelEntry.Model"/>.</param>
    public StartingLatency? Find(string provider, string model) =>
        _rows.GetValueOrDefault((model, provider)) ?? _rows.GetValueOrDefault((model, null));

    /// <summary>Reads latencies in the schema of <c>latency.json</c>; throws <see cref="JsonException"/> on any other.</summary>
    public static StartingLatencies Load(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        if (!document.RootElement.TryGetProperty("models"u8, out var models))
            throw new JsonException("not a list of latencies");
        var latencies = new StartingLatencies();
        foreach (var row in models.EnumerateArray())
        {
            var model = row.GetProperty("model"u8).GetString()!;
            latencies._rows.Add((model, null), Read(row.GetProperty("any"u8), isOwn: false));
            if (!row.TryGetProperty("at"u8, out var providers))
                continue;
            foreach (var provider in providers.EnumerateObject())
                latencies._rows.Add((model, provider.Name), Read(provider.Value, isOwn: true));
        }
        return latencies;
    }

    /// <summary>Reads <c>{firstTokenMs, tokensPerSecond}</c>.</summary>
    public static StartingLatency Read(JsonElement row, bool isOwn) =>
        new()
        {
            TimeToFirstToken = row.TryGetProperty("firstTokenMs"u8, out var first)
                ? TimeSpan.FromMilliseconds(first.GetDouble())
                : null,
            TokensPerSecond = row.TryGetProperty("tokensPerSecond"u8, out var speed)
                ? speed.GetDouble()
                : null,
            IsOfThisProvider = isOwn,
        };
}
