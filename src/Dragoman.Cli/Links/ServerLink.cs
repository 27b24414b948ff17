using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Links;

/// <summary>A server over HTTP.</summary>
internal sealed class ServerLink(ServerAddress address) : IGatewayLink
{
    /// <summary>What only a server can be asked.</summary>
    public DragomanClient Client { get; } = new(address.Url, address.ApiKey?.Reveal());

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

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return ValueTask.CompletedTask;
    }
}
