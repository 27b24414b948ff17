using Dragoman.Access;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman;

/// <content>What would be decided, without calling anybody.</content>
public sealed partial class Gateway
{
    /// <summary>The chain that a call would be sent along, by what is known now of prices, speeds, qualities and health.</summary>
    /// <param name="primary">A model, alias, route, <c>chain:name</c> or <c>auto</c>; null is <c>auto</c>.</param>
    /// <param name="strategy">How to choose those that are tried after it, or all of them; null takes the configured one.</param>
    /// <param name="capability">What all of them must have, e.g. <c>tools</c> or <c>code</c>.</param>
    /// <exception cref="GatewayException">The name means nothing here, or nobody is left.</exception>
    public FallbackChainInfo GetFallbackChain(
        string? primary = null,
        string? strategy = null,
        string? capability = null
    ) => FallbackChainFor(access: null, primary, strategy, capability);

    /// <summary>The same for who may call only some of what there is.</summary>
    internal FallbackChainInfo FallbackChainFor(
        ModelAccess? access,
        string? primary,
        string? strategy,
        string? capability
    )
    {
        var names = Snapshots.Current.Names;
        var required = capability is null
            ? null
            : Capabilities.Find(capability)
                ?? throw GatewayRequest.Wrong(
                    "capability",
                    $"'{capability}' is not a known capability. Known are: {string.Join(", ", Capabilities.Words)}."
                );
        var (decision, error) = names.Resolve(
            primary ?? CompletionOptions.DefaultModel,
            required == Capabilities.Embeddings ? Operation.Embeddings : Operation.Chat,
            new Wishes
            {
                Strategy = strategy,
                RequiredCapabilities = required is null ? [] : [required],
                ComputesFallback = true,
            },
            access
        );
        return error is not null
            ? throw new GatewayException(error)
            : new ChainShapes(
                names,
                _time.GetUtcNow(),
                required is null ? null : Capabilities.TaskOf(required)
            ).Of(decision!);
    }

    /// <summary>Every chain that has a name: configuration's own and those that come with the product.</summary>
    public IReadOnlyList<NamedChainInfo> GetNamedChains() =>
        new ChainShapes(Snapshots.Current.Names, _time.GetUtcNow()).Named().Chains;
}
