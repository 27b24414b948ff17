namespace Dragoman.Access;

/// <summary>What a limit, a budget or a guardrail can be bound to.</summary>
public enum ScopeKind
{
    Key,
    User,
    Team,
    Workspace,
    Tag,
    Route,
    Agent,
    Provider,
    Model,
    Deployment,
}
