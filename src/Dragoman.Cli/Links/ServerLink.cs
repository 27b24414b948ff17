using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Links;

/// <summary>A server over HTTP.</summary>
internal sealed class ServerLink(ServerAddress address) : IGatewayLink
{
    public Task<CompletionReply> CompleteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => throw new NotImplementedException(address.ToString());

    public IAsyncEnumerable<CompletionUpdate> StreamAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken cancellationToken
    ) => throw new NotImplementedException();

    public Task<EmbeddingsReply> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingOptions options,
        CancellationToken cancellationToken
    ) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
