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

    public ValueTask DisposeAsync() => gateway.DisposeAsync();
}
