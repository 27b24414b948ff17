using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Access;

/// <summary>What of a call bears on whether a scope holds it.</summary>
public readonly record struct ScopeFacts
{
    public Caller? Caller { get; init; }
    public string? Workspace { get; init; }
    public IReadOnlyList<string> Tags { get; init; }

    /// <summary>The name the client asked for.</summary>
    public string? Route { get; init; }
    public string? Agent { get; init; }

    /// <summary>Who would be asked; null before that is known.</summary>
    public Deployment? Deployment { get; init; }

    /// <summary>Those of an exchange, before or at an attempt.</summary>
    public static ScopeFacts Of(Exchange exchange, Deployment? deployment = null)
    {
        const string AgentPrefix = "agent:";
        var (caller, name) = (exchange.Get<Caller>(), exchange.Envelope.Model);
        return new ScopeFacts
        {
            Caller = caller,
            Workspace = caller?.Workspace ?? exchange.Wishes.WorkspaceId,
            Tags = caller?.Tags ?? exchange.Wishes.Tags,
            Route = name,
            Agent = name.StartsWith(AgentPrefix, StringComparison.Ordinal)
                ? name[AgentPrefix.Length..]
                : null,
            Deployment = deployment,
        };
    }
}
