using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Links;

/// <summary>A gateway in this process, for who has no server running.</summary>
internal sealed class ProcessLink(Gateway gateway) : IGatewayLink
{
    /// <exception cref="GatewayConfigurationException">The configuration has mistakes.</exception>
    public static ProcessLink Open(Func<string, string?> environment) =>
        new(Gateway.Create(builder => builder.UseEnvironment(environment)));

    public Task<CompletionReply> CompleteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => gateway.CompleteAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<CompletionUpdate> StreamAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => gateway.StreamAsync(messages, options, cancellationToken);

    public Task<EmbeddingsReply> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingOptions options,
        CancellationToken cancellationToken
    ) => gateway.EmbedAsync(texts, options, cancellationToken);

    /// <summary>Nothing of it depends on what is set up.</summary>
    public Task<ClassificationInfo> ClassifyAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => Task.FromResult(gateway.Classify(messages, options));

    public async Task<RouteInfo> RouteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    )
    {
        await DiscoveredAsync(cancellationToken);
        return gateway.ExplainRoute(messages, options);
    }

    public Task<ComparisonReply> CompareAsync(
        IReadOnlyList<Message> messages,
        IReadOnlyList<string> models,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => gateway.CompareAsync(messages, models, options, cancellationToken);

    public async Task<RecommendationReply> RecommendAsync(
        string description,
        RecommendationConstraints constraints,
        CancellationToken cancellationToken
    )
    {
        await DiscoveredAsync(cancellationToken);
        return gateway.Recommend(description, constraints);
    }

    public async Task<ModelList> ModelsAsync(
        ModelQuery query,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await DiscoveredAsync(cancellationToken);
        var models = gateway.Snapshots.Current.Models;
        var found = models.Find(query);
        return new ModelList
        {
            Models = [.. found.Take(limit).Select(model => ModelShapes.Info(model, query.Task))],
            Total = found.Count,
            AvailableTotal = found.Count(static model => model.IsAvailable),
            NextOffset = found.Count > limit ? limit : null,
            CatalogDate = models.CatalogDate,
        };
    }

    public async Task<ModelDetails> ModelAsync(string name, CancellationToken cancellationToken)
    {
        await DiscoveredAsync(cancellationToken);
        var models = gateway.Snapshots.Current.Models;
        if (models.Named(name) is { } model)
            return ModelShapes.Details(model, task: null);
        var near = NearestName.Of(
            name,
            models
                .All.Select(static known => known.Id)
                .Concat(models.All.Select(static known => known.Model))
        );
        throw new CommandFailure(
            $"nobody knows a model '{name}'" + (near is null ? "" : $"; did you mean '{near}'?"),
            "dragoman models --search WORD looks for one"
        );
    }

    public async Task<FallbackChainInfo> ChainAsync(
        string? primary,
        string? strategy,
        string? capability,
        CancellationToken cancellationToken
    )
    {
        await DiscoveredAsync(cancellationToken);
        return gateway.GetFallbackChain(primary, strategy, capability);
    }

    public async Task<NamedChains> ChainsAsync(CancellationToken cancellationToken)
    {
        await DiscoveredAsync(cancellationToken);
        return new NamedChains(gateway.GetNamedChains());
    }

    public async Task<HealthInfo> HealthAsync(
        bool now,
        string? provider,
        CancellationToken cancellationToken
    )
    {
        await DiscoveredAsync(cancellationToken);
        return await gateway.Health.CheckAsync(now, provider, cancellationToken)
            ?? throw CommandFailure.Usage(
                $"no provider '{provider}' is configured",
                gateway.AvailableProviders is { Count: > 0 } configured
                    ? "Configured are: " + string.Join(", ", configured)
                    : "None is: dragoman doctor tells what is missing"
            );
    }

    /// <summary>Servers in the house are looked for from the start on; what they have belongs to every answer.</summary>
    private Task DiscoveredAsync(CancellationToken cancellationToken) =>
        gateway.CheckHealthAsync(now: false, cancellationToken);

    public ValueTask DisposeAsync() => gateway.DisposeAsync();
}
