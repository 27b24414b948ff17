using Dragoman.Native;
using Dragoman.Native.ChatClients;
using Microsoft.Extensions.AI;

namespace Dragoman;

/// <summary>The gateway as any generator of embeddings; see <see cref="GatewayChatClient"/>.</summary>
internal sealed class GatewayEmbeddingGenerator(Gateway gateway, EmbeddingOptions options)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new(
        "dragoman",
        null,
        options.Model,
        options.Dimensions
    );

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var texts = values.ToList();
        if (texts.Count == 0)
            return [];
        var reply = await gateway.EmbedAsync(texts, Merged(options), cancellationToken);
        var model = reply.Provider + "/" + reply.Model;
        return new(
            reply.Embeddings.Select(vector => new Embedding<float>(vector) { ModelId = model })
        )
        {
            Usage = ChatResponses.UsageOf(reply.Usage),
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType.IsInstanceOfType(gateway) ? gateway
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    /// <summary>The gateway stays its maker's.</summary>
    public void Dispose() { }

    private EmbeddingOptions Merged(EmbeddingGenerationOptions? said)
    {
        var own = said?.RawRepresentationFactory?.Invoke(this) as EmbeddingOptions ?? options;
        return own with
        {
            Model = said?.ModelId ?? own.Model,
            Provider = said?.ModelId is null ? own.Provider : null,
            Dimensions = own.Dimensions ?? said?.Dimensions,
        };
    }
}
