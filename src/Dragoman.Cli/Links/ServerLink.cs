using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Links;

/// <summary>A server over HTTP.</summary>
internal sealed class ServerLink(ServerAddress address) : IGatewayLink
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private DragomanClient Client => field ??= new(address.Url, address.ApiKey?.Reveal(), _http);

    /// <summary>What <c>GET /api/llm/…</c> answers.</summary>
    /// <param name="path">Behind <c>/api/llm/</c>.</param>
    /// <param name="type">The answer's shape.</param>
    /// <param name="parameters">Those that are null are left out.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task<T> GetAsync<T>(
        string path,
        JsonTypeInfo<T> type,
        IEnumerable<(string Name, string? Value)> parameters,
        CancellationToken cancellationToken
    )
    {
        var query = string.Join(
            '&',
            parameters
                .Where(static parameter => parameter.Value is not null)
                .Select(static parameter =>
                    $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"
                )
        );
        return new NativeServer(_http, address.Url, address.ApiKey).CallAsync(
            HttpMethod.Get,
            query.Length == 0 ? path : path + "?" + query,
            default,
            type,
            cancellationToken
        );
    }

    public Task<CompletionReply> CompleteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => Client.CompleteAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<CompletionUpdate> StreamAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => Client.StreamAsync(messages, options, cancellationToken);

    public Task<EmbeddingsReply> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingOptions options,
        CancellationToken cancellationToken
    ) => Client.EmbedAsync(texts, options, cancellationToken);

    public Task<ModelList> ModelsAsync(
        ModelQuery query,
        int limit,
        CancellationToken cancellationToken
    ) =>
        GetAsync(
            "models",
            ModelsJson.Default.ModelList,
            [
                .. query.Capabilities.Select(static word => ("capability", (string?)word)),
                ("provider", query.Provider),
                ("max_cost_per_1k", query.MaxCostPer1k?.ToString(CultureInfo.InvariantCulture)),
                ("local", query.Local is true ? "true" : null),
                ("available", query.Available is true ? "true" : null),
                ("q", query.Text),
                ("sort", query.Order is ModelOrder.Name ? null : ModelShapes.Word(query.Order)),
                ("limit", limit.ToString(CultureInfo.InvariantCulture)),
            ],
            cancellationToken
        );

    public Task<ModelDetails> ModelAsync(string name, CancellationToken cancellationToken) =>
        GetAsync(
            "models/" + Uri.EscapeDataString(name),
            ModelsJson.Default.ModelDetails,
            [],
            cancellationToken
        );

    public Task<HealthInfo> HealthAsync(
        bool now,
        string? provider,
        CancellationToken cancellationToken
    ) =>
        GetAsync(
            "health",
            HealthJson.Default.HealthInfo,
            [("now", now ? "true" : null), ("provider", provider)],
            cancellationToken
        );

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
