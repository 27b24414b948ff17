using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Finds what a model name means: reserved name, route, alias, deployment, <c>provider/model</c>, bare model id.</summary>
public sealed class NameResolver
{
    /// <summary>The chain for a name, or the error to tell. Decisions without wishes are made once and shared.</summary>
    public Resolution Resolve(string name, Operation operation, Wishes wishes) =>
        throw new NotSupportedException();

    /// <summary>All names that can be called now, for <c>GET /v1/models</c>.</summary>
    public IReadOnlyList<ListedModel> List() => [];
}

/// <summary>Either a decision or an error.</summary>
public readonly record struct Resolution(RoutingDecision? Decision, GatewayError? Error);

/// <summary>A callable name and its kind (<c>route</c>, <c>alias</c>, <c>chain</c> or the provider's name).</summary>
public sealed record ListedModel(string Id, string OwnedBy, DateTimeOffset Created);
