using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>What becomes of a request before it is sent, whoever gets it: what a rule, an agent or the client wants beside the deployment's own defaults.</summary>
internal sealed record RequestShaping
{
    /// <summary>What wins over the client's own.</summary>
    public DeploymentParameters? Overrides { get; init; }

    /// <summary>Who wants <see cref="Overrides"/>, e.g. <c>rule 'x'</c>.</summary>
    public string? OverriddenBy { get; init; }

    /// <summary>What holds where the client says nothing.</summary>
    public DeploymentParameters? Defaults { get; init; }

    /// <summary>Stands before the client's own system message.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>What is sent of a long conversation; null is all of it.</summary>
    public ContextPolicy? Context { get; init; }

    /// <summary>The request is written anew in any case, however short it is.</summary>
    public bool RewritesAll =>
        Overrides is not null || Defaults is not null || SystemPrompt is not null;

    /// <summary>Who cannot hold all of a conversation may be asked with a part of it.</summary>
    public bool MayShorten => Context is { Strategy: not ContextStrategy.Full };
}
