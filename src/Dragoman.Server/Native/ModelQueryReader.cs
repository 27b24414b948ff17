using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman.Server.Native;

/// <summary>Reads what models are asked for.</summary>
internal static class ModelQueryReader
{
    /// <summary>What <see cref="Filters"/> reads.</summary>
    public static readonly string[] Known =
    [
        "available",
        "capability",
        "kind",
        "local",
        "max_cost_per_1k",
        "min_context",
        "provider",
        "q",
        "task",
        "type",
    ];

    private static readonly string[] Kinds =
    [
        .. Enum.GetValues<ModelKind>().Select(ModelShapes.Word),
    ];

    private static readonly string[] Types =
    [
        .. Enum.GetValues<LocalModelType>().Select(ModelShapes.Word),
    ];

    /// <summary>Words for tasks: what a request may be about, and the two that only models are measured at.</summary>
    private static readonly string[] Tasks =
    [
        .. TaskNames.Words,
        "tools",
        "longcontext",
        "long_context",
    ];

    /// <summary>The filters, which all addresses share. What is wrong is kept in <paramref name="query"/>.</summary>
    public static ModelQuery Filters(QueryParameters query, ModelFinder models)
    {
        var provider = query.Text("provider");
        if (
            provider is not null
            && !models.ProviderNames.Contains(provider, StringComparer.OrdinalIgnoreCase)
        )
            query.OneOf("provider", [.. models.ProviderNames]);
        return new ModelQuery
        {
            Capabilities =
            [
                .. query
                    .SomeOf("capability", Capabilities.Words)
                    .Select(static word => Capabilities.Find(word) ?? word),
            ],
            Provider = provider,
            MaxCostPer1k = query.Amount(
                "max_cost_per_1k",
                0,
                1_000_000,
                "US dollars per 1,000 tokens, the mean of the input and the output price"
            ),
            MinContext = query.Number("min_context", 0, int.MaxValue),
            Local = query.Flag("local"),
            Available = query.Flag("available"),
            Kind = query.OneOf("kind", Kinds) is { } kind
                ? Enum.GetValues<ModelKind>()[Array.IndexOf(Kinds, kind)]
                : null,
            Type = query.OneOf("type", Types) is { } type
                ? Enum.GetValues<LocalModelType>()[Array.IndexOf(Types, type)]
                : null,
            Task = Task(query),
            Text = query.Text("q"),
        };
    }

    /// <summary>The task whose quality is wanted, under its first name.</summary>
    public static string? Task(QueryParameters query) =>
        query.OneOf("task", Tasks) is { } task
            ? TaskNames.Find(task) ?? task.Replace("_", "", StringComparison.Ordinal)
            : null;

    public static ModelOrder Order(QueryParameters query) =>
        query.OneOf("sort", "cost", "latency", "quality") switch
        {
            "cost" => ModelOrder.Cost,
            "latency" => ModelOrder.Latency,
            "quality" => ModelOrder.Quality,
            _ => ModelOrder.Name,
        };
}
