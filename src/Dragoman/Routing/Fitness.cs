using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Routing;

/// <summary>What a deployment must be to serve a request at all: local where only local ones may, of the right kind, and able.</summary>
/// <param name="operation">What is asked.</param>
/// <param name="required">Capabilities that it must be known to have.</param>
/// <param name="localOnly">Nothing may leave the house.</param>
/// <param name="regions">Where it must be.</param>
/// <param name="access">What who asks may call; null is everything.</param>
internal readonly struct Fitness(
    Operation operation,
    IReadOnlyList<string> required,
    bool localOnly,
    RegionBounds regions = default,
    ModelAccess? access = null
)
{
    /// <summary>Why who asks may not call it; null where they may.</summary>
    public string? MayNot(Deployment deployment) => access?.WhyNot(deployment);

    /// <summary>Why it cannot; null where it can.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="named">It was named itself: whether it can do the operation is left to its provider.</param>
    public string? WhyNot(Deployment deployment, bool named = false)
    {
        if (localOnly && !deployment.Local)
            return "not local, and only local ones may serve this";
        if (regions.WhyNot(deployment) is { } outside)
            return outside;
        if (!named && operation is Operation.Chat && deployment.Capabilities.Embeddings is true)
            return "makes embeddings only";
        if (
            !named
            && operation is Operation.Embeddings
            && deployment.Capabilities.Embeddings is false
        )
            return "makes no embeddings";
        return new ModelAbilities(deployment).WhyNot(required);
    }
}
