using System.Text.Json.Nodes;
using Dragoman.Catalog;

namespace Dragoman.TestKit.Money;

/// <summary>
/// One line of <c>test/fixtures/money</c>: a usage as its provider sends it, the catalog's prices that it is charged by, the sum
/// worked out by hand in millionths of a dollar, and what comes of it in nano-dollars.
/// </summary>
public sealed class MoneyCase
{
    private readonly JsonObject _line;

    private MoneyCase(string name, JsonObject line) => (Name, _line) = (name, line);

    /// <summary>Its file and what it shows.</summary>
    public string Name { get; }

    /// <summary>The provider's name, up to the first slash of the model.</summary>
    public string Provider => Text("model")[..Text("model").IndexOf('/', StringComparison.Ordinal)];

    /// <summary>What the model is called there.</summary>
    public string Model => Text("model")[(Provider.Length + 1)..];

    /// <summary>The id of its row, where the model goes by another name.</summary>
    public string Row => _line["row"]?.GetValue<string>() ?? Model;

    /// <summary>The dialect of the reply; by default that of the provider.</summary>
    public string Dialect => _line["dialect"]?.GetValue<string>() ?? Type.Dialect;
    public ProviderType Type => ProviderTypes.Default.Find(Provider)!;
    public bool IsEmbedding => _line["embeddings"] is not null;

    /// <summary>The usage of the reply; null where an attempt got none.</summary>
    public JsonObject? Usage => _line["usage"] as JsonObject;

    /// <summary>Other members of the reply, such as the service tier.</summary>
    public JsonObject? Reply => _line["reply"] as JsonObject;

    /// <summary>The counts are an estimate of ours.</summary>
    public bool IsEstimated => _line["estimated"] is not null;

    /// <summary>The day it is charged; by default one before any announced price.</summary>
    public DateOnly Day => DateOnly.Parse(_line["on"]?.GetValue<string>() ?? "2026-11-25");
    public bool HasDay => _line["on"] is not null;

    /// <summary>The catalog's facts as they were when the sum was worked out: null where the row has no prices, a text where there is no row.</summary>
    public JsonNode? Prices => _line["prices"];

    /// <summary>The sum in millionths of a dollar; null where the cost is unknown.</summary>
    public string? Sum => _line["sum"]?.GetValue<string>();

    /// <summary>What was worked out by hand.</summary>
    public long? NanoUsd => _line["nano"]?.GetValue<long>();

    /// <summary>The word for where the cost comes from.</summary>
    public CostBasis Basis => Enum.Parse<CostBasis>(Text("basis"), ignoreCase: true);

    /// <summary>The attempts of an exchange.</summary>
    public IReadOnlyList<MoneyCase> Attempts =>
        [
            .. _line["attempts"]!
                .AsArray()
                .Select((line, i) => new MoneyCase($"{Name} [{i}]", line!.AsObject())),
        ];

    /// <summary>The lines of some files.</summary>
    public static IReadOnlyDictionary<string, MoneyCase> Of(params string[] files)
    {
        Dictionary<string, MoneyCase> cases = new(StringComparer.Ordinal);
        foreach (var file in files)
        foreach (var line in File.ReadLines(Fixtures.PathOf($"money/{file}.jsonl")))
        {
            var json = JsonNode.Parse(line)!.AsObject();
            var name = $"{file}: {json["case"]!.GetValue<string>()}";
            cases.Add(name, new MoneyCase(name, json));
        }
        return cases;
    }

    /// <summary>All single replies.</summary>
    public static IReadOnlyDictionary<string, MoneyCase> Replies { get; } =
        Of("openai", "anthropic", "google", "others", "reported");

    private string Text(string name) => _line[name]!.GetValue<string>();
}
