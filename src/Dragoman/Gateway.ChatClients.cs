using Dragoman.Native;
using Microsoft.Extensions.AI;

namespace Dragoman;

/// <content>The gateway as what Microsoft.Extensions.AI knows.</content>
public sealed partial class Gateway
{
    /// <summary>
    /// The gateway as a chat client. Answers carry their <see cref="CompletionReply"/> as
    /// <see cref="ChatResponse.RawRepresentation"/>; signatures over reasoning travel in
    /// <see cref="TextReasoningContent.ProtectedData"/>; failures are <see cref="GatewayException"/>.
    /// </summary>
    /// <param name="model">A model, alias, route, <c>chain:name</c> or <c>auto</c>, for calls whose <see cref="ChatOptions.ModelId"/> names none.</param>
    /// <param name="options">What else holds for every call; a call's own <see cref="ChatOptions.RawRepresentationFactory"/> may give others.</param>
    public IChatClient AsChatClient(
        string model = CompletionOptions.DefaultModel,
        CompletionOptions? options = null
    ) => new GatewayChatClient(this, (options ?? new CompletionOptions()) with { Model = model });

    /// <summary>The gateway as a generator of embeddings.</summary>
    /// <param name="model">A model, alias or route, for calls whose <see cref="EmbeddingGenerationOptions.ModelId"/> names none; null takes the first configured provider's.</param>
    /// <param name="options">What else holds for every call.</param>
    public IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(
        string? model = null,
        EmbeddingOptions? options = null
    ) =>
        new GatewayEmbeddingGenerator(
            this,
            (options ?? new EmbeddingOptions()) with
            {
                Model = model,
            }
        );
}
