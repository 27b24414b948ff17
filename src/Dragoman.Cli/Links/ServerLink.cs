using System.Text.Json.Serialization.Metadata;
using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Links;

/// <summary>A server over HTTP.</summary>
internal sealed class ServerLink(ServerAddress address) : IGatewayLink
{
    private readonly DragomanClient _client = new(address.Url, address.ApiKey?.Reveal());

    /// <summary>What <c>GET /api/llm/…</c> answers.</summary>
    /// <param name="path">Behind <c>/api/llm/</c>.</param>
    /// <param name="type">The answer's shape.</param>
    /// <param name="parameters">Those that are null are left out.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task<T> GetAsync<T>(
        string path,
        JsonTypeInfo<T> type,
        ReadOnlySpan<(string Name, string? Value)> parameters,
        CancellationToken cancellationToken
    ) => _client.GetAsync(path + DragomanClient.Parameters(parameters), type, cancellationToken);

    public Task<CompletionReply> CompleteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => _client.CompleteAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<CompletionUpdate> StreamAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => _client.StreamAsync(messages, options, cancellationToken);

    public Task<EmbeddingsReply> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingOptions options,
        CancellationToken cancellationToken
    ) => _client.EmbedAsync(texts, options, cancellationToken);

    public Task<ClassificationInfo> ClassifyAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => _client.ClassifyAsync(messages, options, cancellationToken);

    public Task<RouteInfo> RouteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => _client.RouteAsync(messages, options, cancellationToken);

    public Task<ComparisonReply> CompareAsync(
        IReadOnlyList<Message> messages,
        IReadOnlyList<string> models,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => _client.CompareAsync(messages, models, options, cancellationToken);

    public Task<RecommendationReply> RecommendAsync(
        string description,
        RecommendationConstraints constraints,
        CancellationToken cancellationToken
    ) => _client.RecommendAsync(description, constraints, cancellationToken);

    public Task<FeedbackReply> GiveFeedbackAsync(
        string requestId,
        double score,
        string? comment,
        CancellationToken cancellationToken
    ) => _client.GiveFeedbackAsync(requestId, score, comment, cancellationToken);

    public Task<ModelList> ModelsAsync(
        ModelQuery query,
        int limit,
        CancellationToken cancellationToken
    ) => _client.GetModelsAsync(query, limit, cancellationToken: cancellationToken);

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

    public Task<FallbackChainInfo> ChainAsync(
        string? primary,
        string? strategy,
        string? capability,
        CancellationToken cancellationToken
    ) =>
        GetAsync(
            "chains",
            ChainsJson.Readable.FallbackChainInfo,
            [("primary", primary), ("strategy", strategy), ("capability", capability)],
            cancellationToken
        );

    public Task<NamedChains> ChainsAsync(CancellationToken cancellationToken) =>
        GetAsync("chains", ChainsJson.Readable.NamedChains, [], cancellationToken);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
