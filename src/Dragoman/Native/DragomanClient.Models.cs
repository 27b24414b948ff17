using System.Globalization;
using Dragoman.Usage;

namespace Dragoman.Native;

/// <content>What the server knows of models, providers, money and past calls.</content>
public sealed partial class DragomanClient
{
    /// <summary>Models that match, a page at a time.</summary>
    /// <param name="query">What is asked for; null is all.</param>
    /// <param name="limit">How many at most, up to 1,000; null takes the server's usual number.</param>
    /// <param name="offset">How many to pass over: <see cref="ModelList.NextOffset"/> of the page before.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="GatewayException">They could not be had; its kind tells why.</exception>
    public Task<ModelList> GetModelsAsync(
        ModelQuery? query = null,
        int? limit = null,
        int? offset = null,
        CancellationToken cancellationToken = default
    )
    {
        query ??= new ModelQuery();
        var order = query.Order is ModelOrder.Name ? null : Word(query.Order);
        return GetAsync(
            "models"
                + Parameters([
                    .. Filters(query),
                    ("sort", order),
                    ("limit", Text(limit)),
                    ("offset", Text(offset)),
                ]),
            ModelsJson.Default.ModelList,
            cancellationToken
        );
    }

    /// <summary>The model of that name, <c>provider/model</c> or a bare id; null where nobody ever heard of it.</summary>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<ModelDetails?> GetModelAsync(
        string name,
        CancellationToken cancellationToken = default
    ) =>
        FindAsync(
            "models/" + string.Join('/', name.Split('/').Select(Uri.EscapeDataString)),
            ModelsJson.Default.ModelDetails,
            cancellationToken
        );

    /// <summary>The cheapest that matches; null where no price is known of any.</summary>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<ModelDetails?> GetCheapestAsync(
        ModelQuery? query = null,
        CancellationToken cancellationToken = default
    ) => FirstAsync("cheapest", query, cancellationToken);

    /// <summary>The fastest that matches; null where no speed is known of any.</summary>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<ModelDetails?> GetFastestAsync(
        ModelQuery? query = null,
        CancellationToken cancellationToken = default
    ) => FirstAsync("fastest", query, cancellationToken);

    /// <summary>The best that matches, at <see cref="ModelQuery.Task"/> or over all; null where no quality is known of any.</summary>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<ModelDetails?> GetBestAsync(
        ModelQuery? query = null,
        CancellationToken cancellationToken = default
    ) => FirstAsync("best", query, cancellationToken);

    /// <summary>Every chain that has a name.</summary>
    /// <exception cref="GatewayException">They could not be had; its kind tells why.</exception>
    public async Task<IReadOnlyList<NamedChainInfo>> GetChainsAsync(
        CancellationToken cancellationToken = default
    ) => (await GetAsync("chains", ChainsJson.Readable.NamedChains, cancellationToken)).Chains;

    /// <inheritdoc cref="Gateway.GetFallbackChain"/>
    /// <param name="primary">A model, alias, route, <c>chain:name</c> or <c>auto</c>.</param>
    /// <param name="strategy">How to choose those that are tried after it, or all of them; null takes the configured one.</param>
    /// <param name="capability">What all of them must have, e.g. <c>tools</c> or <c>code</c>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task<FallbackChainInfo> GetFallbackChainAsync(
        string primary = CompletionOptions.DefaultModel,
        string? strategy = null,
        string? capability = null,
        CancellationToken cancellationToken = default
    ) =>
        GetAsync(
            "chains"
                + Parameters(
                    ("primary", primary),
                    ("strategy", strategy),
                    ("capability", capability)
                ),
            ChainsJson.Readable.FallbackChainInfo,
            cancellationToken
        );

    /// <summary>How the server's providers are.</summary>
    /// <param name="now">Has each asked first, by a call that is free; that takes five seconds at most.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<HealthInfo> GetHealthAsync(
        bool now = false,
        CancellationToken cancellationToken = default
    ) =>
        GetAsync(
            "health" + (now ? "?now=true" : ""),
            HealthJson.Default.HealthInfo,
            cancellationToken
        );

    /// <summary>What was counted since the server started and over the last hour.</summary>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<StatsReport> GetStatsAsync(
        StatsGrouping by = StatsGrouping.None,
        CancellationToken cancellationToken = default
    ) =>
        GetAsync(
            "stats" + Parameters(("by", by is StatsGrouping.None ? null : Word(by))),
            StatsJson.Default.StatsReport,
            cancellationToken
        );

    /// <summary>Any question about the accounts.</summary>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<UsageReport> GetUsageAsync(
        UsageSummaryQuery query,
        CancellationToken cancellationToken = default
    ) =>
        UsageAsync(
            [
                ("by", query.By is UsageGrouping.None ? null : Word(query.By)),
                ("from", query.From.ToString("O", CultureInfo.InvariantCulture)),
                ("to", query.To.ToString("O", CultureInfo.InvariantCulture)),
                ("workspace_id", query.Workspace),
                ("model", query.Model),
                ("provider", query.Provider),
                ("execution_id", query.Execution),
                ("task", query.Task),
                ("key", query.Caller),
                ("limit", Text(query.Limit)),
            ],
            cancellationToken
        );

    /// <inheritdoc cref="Gateway.GetCostsAsync"/>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<UsageReport> GetCostsAsync(
        string? workspace = null,
        UsagePeriod period = UsagePeriod.Month,
        CancellationToken cancellationToken = default
    ) =>
        UsageAsync(
            [("by", "model"), ("period", Word(period)), ("workspace_id", workspace)],
            cancellationToken
        );

    /// <inheritdoc cref="Gateway.GetDailyCostsAsync"/>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<UsageReport> GetDailyCostsAsync(
        string? workspace = null,
        int days = 30,
        CancellationToken cancellationToken = default
    ) =>
        UsageAsync(
            [("by", "day"), ("days", Text(days)), ("workspace_id", workspace)],
            cancellationToken
        );

    private Task<UsageReport> UsageAsync(
        ReadOnlySpan<(string Name, string? Value)> question,
        CancellationToken cancellationToken
    ) => GetAsync("usage" + Parameters(question), UsageJson.Default.UsageReport, cancellationToken);

    private Task<ModelDetails?> FirstAsync(
        string by,
        ModelQuery? query,
        CancellationToken cancellationToken
    ) =>
        FindAsync(
            "models/" + by + Parameters([.. Filters(query ?? new ModelQuery())]),
            ModelsJson.Default.ModelDetails,
            cancellationToken
        );

    private static IEnumerable<(string Name, string? Value)> Filters(ModelQuery query) =>
        [
            (
                "capability",
                query.Capabilities.Count == 0 ? null : string.Join(',', query.Capabilities)
            ),
            ("provider", query.Provider),
            ("max_cost_per_1k", query.MaxCostPer1k?.ToString(CultureInfo.InvariantCulture)),
            ("min_context", query.MinContext?.ToString(CultureInfo.InvariantCulture)),
            ("local", Text(query.Local)),
            ("available", Text(query.Available)),
            ("kind", query.Kind is { } kind ? Word(kind) : null),
            ("type", query.Type is { } type ? Word(type) : null),
            ("task", query.Task),
            ("q", query.Text),
        ];

    private static string Word<T>(T value)
        where T : struct, Enum => ModelShapes.Word(value);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(bool? flag) =>
        flag switch
        {
            null => null,
            true => "true",
            false => "false",
        };
}
