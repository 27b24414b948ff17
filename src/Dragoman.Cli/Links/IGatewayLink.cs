using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Links;

/// <summary>Whom a command asks: a server over HTTP, or a gateway made for it in this process.</summary>
internal interface IGatewayLink : IAsyncDisposable
{
    Task<CompletionReply> CompleteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    );

    IAsyncEnumerable<CompletionUpdate> StreamAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    );

    Task<EmbeddingsReply> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingOptions options,
        CancellationToken cancellationToken
    );

    /// <summary>What a prompt asks for.</summary>
    Task<ClassificationInfo> ClassifyAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    );

    /// <summary>Who would be asked, and why.</summary>
    Task<RouteInfo> RouteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    );

    /// <summary>Answers of several models to the same.</summary>
    Task<ComparisonReply> CompareAsync(
        IReadOnlyList<Message> messages,
        IReadOnlyList<string> models,
        CompletionOptions options,
        CancellationToken cancellationToken
    );

    /// <summary>Models that fit a description.</summary>
    Task<RecommendationReply> RecommendAsync(
        string description,
        RecommendationConstraints constraints,
        CancellationToken cancellationToken
    );

    /// <summary>The first <paramref name="limit"/> of the models that match.</summary>
    Task<ModelList> ModelsAsync(ModelQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>All that is known of one model.</summary>
    Task<ModelDetails> ModelAsync(string name, CancellationToken cancellationToken);

    /// <summary>The chain that a request would be sent along.</summary>
    Task<FallbackChainInfo> ChainAsync(
        string? primary,
        string? strategy,
        string? capability,
        CancellationToken cancellationToken
    );

    /// <summary>Every chain that has a name.</summary>
    Task<NamedChains> ChainsAsync(CancellationToken cancellationToken);

    /// <summary>How the providers are, or one of them; <paramref name="now"/> asks them first.</summary>
    Task<HealthInfo> HealthAsync(bool now, string? provider, CancellationToken cancellationToken);
}
