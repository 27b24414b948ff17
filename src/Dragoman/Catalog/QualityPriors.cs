using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>The quality priors of <c>quality.json</c> by the key that joins a model across providers. Read on first use, not at the start.</summary>
internal sealed class QualityPriors
{
    private static readonly Lazy<QualityPriors> BuiltIn = new(static () =>
        Load(EmbeddedJson.Read("quality.json"))
    );

    private readonly Dictionary<string, QualityPrior> _byModel = new(StringComparer.Ordinal);

    /// <summary>Those that ship with the product.</summary>
    public static QualityPriors Default => BuiltIn.Value;

    public int Count => _byModel.Count;

    /// <summary>By <see cref="ModelEntry.Model"/>; null where nobody measured the model or could guess.</summary>
    public QualityPrior? Find(string model) => _byModel.GetValueOrDefault(model);

    /// <summary>By what a server in the house calls a model of which the catalog has no row: <c>Qwen/Qwen2.5-7B-Instruct</c> is <c>qwen2.5-7b-instruct</c>.</summary>
    public QualityPrior? FindName(string name) =>
        Find(name) ?? Find(name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant());

    /// <summary>Reads priors in the schema of <c>quality.json</c>; throws <see cref="JsonException"/> on any other.</summary>
    public static QualityPriors Load(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        var tasks = JsonFacts.Texts(document.RootElement, "tasks"u8);
        if (tasks is null || !tasks.SequenceEqual(QualityPrior.Tasks, StringComparer.Ordinal))
            throw new JsonException("not quality priors for the tasks that are known");
        var priors = new QualityPriors();
        foreach (var row in document.RootElement.GetProperty("models"u8).EnumerateArray())
            priors._byModel.Add(row.GetProperty("model"u8).GetString()!, Read(row));
        return priors;
    }

    private static QualityPrior Read(JsonElement row)
    {
        var basis = JsonFacts.Text(row, "basis"u8) switch
        {
            null => QualityBasis.Measured,
            "successor" => QualityBasis.Successor,
            "regression" => QualityBasis.Regression,
            var other => throw new JsonException($"unknown basis of a quality prior: {other}"),
        };
        var inferred = JsonFacts.Texts(row, "inferred"u8) ?? [];
        var scores = row.GetProperty("scores"u8);
        var errors = row.GetProperty("errors"u8);
        var tasks = new TaskQuality?[QualityPrior.Tasks.Count];
        for (var i = 0; i < tasks.Length; i++)
            tasks[i] = new TaskQuality(
                scores[i].GetDouble(),
                errors[i].GetDouble(),
                basis is QualityBasis.Measured && !inferred.Contains(QualityPrior.Tasks[i])
            );
        return new QualityPrior(
            row.GetProperty("overall"u8).GetDouble(),
            row.GetProperty("error"u8).GetDouble(),
            basis,
            tasks
        );
    }
}
