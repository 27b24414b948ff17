using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Configuration;

/// <summary>Reads one row of the user's own catalog over the one that is known.</summary>
internal static class OwnCatalogRow
{
    /// <summary>The words for kinds and statuses, as the catalog writes them.</summary>
    private static readonly string[] Kinds =
    [
        "chat",
        "embedding",
        "rerank",
        "moderation",
        "image",
        "video",
        "speechToText",
        "textToSpeech",
    ];
    private static readonly string[] Statuses = ["active", "beta", "legacy", "deprecated"];

    private static readonly string[] Flags =
    [
        "tools",
        "structuredOutput",
        "reasoning",
        "vision",
        "pdf",
        "audio",
        "temperature",
        "embeddings",
        "openWeights",
        "webSearch",
        "assistantPrefill",
    ];

    /// <summary>Null where it names no model.</summary>
    public static ModelEntry? Read(ConfigSection row, string provider, ModelCatalog known)
    {
        if (row.Text("id") is not { } id)
        {
            row.Mistakes.Add(row.Path, "A row needs an id.");
            return null;
        }
        var before =
            known.FindId(provider, id)
            ?? new ModelEntry
            {
                Provider = provider,
                Id = id,
                Model = id,
            };
        // "reasoning" is the hard one here, as in models.json: a model that reasons before it answers.
        string[] words = [.. Flags, .. Capabilities.Soft.Except(Flags, StringComparer.Ordinal)];
        var can = row.Words("can", words) ?? [];
        var cannot = row.Words("cannot", Flags) ?? [];
        var entry = before with
        {
            Model = row.Text("model") ?? before.Model,
            Family = row.Text("family") ?? before.Family,
            Kind = row.Word("kind", Kinds) is { } kind
                ? (ModelKind)Array.IndexOf(Kinds, kind)
                : before.Kind,
            Status = row.Word("status", Statuses) is { } status
                ? (ModelStatus)Array.IndexOf(Statuses, status)
                : before.Status,
            ContextWindow = row.Whole("context", 1, 1_000_000_000) ?? before.ContextWindow,
            MaxOutput = row.Whole("output", 1, 1_000_000_000) ?? before.MaxOutput,
            Dimensions = row.Whole("dimensions", 1, 1_000_000) ?? before.Dimensions,
            Released = row.Text("released") ?? before.Released,
            Replacement = row.Text("replacement") ?? before.Replacement,
            Aliases = row.Texts("aliases") ?? before.Aliases,
            LocalAliases = row.Texts("localAliases") ?? before.LocalAliases,
            ReasoningEfforts = row.Texts("efforts") ?? before.ReasoningEfforts,
            Capabilities = With(before.Capabilities, can, cannot),
            Strengths =
            [
                .. before.Strengths.Union(
                    can.Except(Flags, StringComparer.Ordinal),
                    StringComparer.Ordinal
                ),
            ],
        };
        if (row.Section("prices") is { } prices)
            entry = entry with { Prices = OwnPrices.Read(prices, before.Prices) };
        if (row.Section("quality") is { } quality)
            entry = entry with { Quality = Quality(quality) };
        if (row.Section("latency") is { } latency)
            entry = entry with { Latency = Latency(latency) };
        row.Done();
        return entry;
    }

    private static ModelCapabilities With(
        ModelCapabilities known,
        IReadOnlyList<string> can,
        IReadOnlyList<string> cannot
    )
    {
        bool? Says(string flag, bool? before) =>
            can.Contains(flag, StringComparer.Ordinal) ? true
            : cannot.Contains(flag, StringComparer.Ordinal) ? false
            : before;
        return known with
        {
            Tools = Says("tools", known.Tools),
            StructuredOutput = Says("structuredOutput", known.StructuredOutput),
            Reasoning = Says("reasoning", known.Reasoning),
            Vision = Says("vision", known.Vision),
            Pdf = Says("pdf", known.Pdf),
            Audio = Says("audio", known.Audio),
            Temperature = Says("temperature", known.Temperature),
            Embeddings = Says("embeddings", known.Embeddings),
            OpenWeights = Says("openWeights", known.OpenWeights),
            WebSearch = Says("webSearch", known.WebSearch),
            AssistantPrefill = Says("assistantPrefill", known.AssistantPrefill),
        };
    }

    private static QualityPrior? Quality(ConfigSection section)
    {
        var overall = (double?)section.Number("overall", 0, 100);
        var error = (double?)section.Number("error", 0, 100) ?? 0;
        var tasks = QualityPrior
            .Tasks.Select(task =>
                section.Number(task, 0, 100) is { } score
                    ? new TaskQuality((double)score, error, IsMeasured: false)
                    : (TaskQuality?)null
            )
            .ToList();
        section.Done();
        if (overall is { } said)
            return new QualityPrior(said, error, QualityBasis.Stated, tasks);
        section.Mistakes.Add(section.Path, "Needs an overall quality, from 0 to 100.");
        return null;
    }

    private static StartingLatency Latency(ConfigSection section)
    {
        var latency = new StartingLatency
        {
            TimeToFirstToken = section.Number("firstTokenMs", 0, 3_600_000) is { } first
                ? TimeSpan.FromMilliseconds((double)first)
                : null,
            TokensPerSecond = (double?)section.Number("tokensPerSecond", 0.001m, 1_000_000),
            IsOfThisProvider = true,
        };
        section.Done();
        return latency;
    }
}
