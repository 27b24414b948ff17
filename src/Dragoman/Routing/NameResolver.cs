using System.Collections.Concurrent;
using System.Collections.Frozen;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Finds what a model name means: reserved name, route, alias, deployment, <c>provider/model</c>, bare model id.</summary>
public sealed class NameResolver
{
    /// <summary>Names of models that nobody ever heard of and that are let through to their provider.</summary>
    private const int MostInvented = 1_000;

    private const int MostKnown = 20_000;

    private readonly RoutingTable _table;
    private readonly DecisionMaker _decisions;
    private readonly ConcurrentDictionary<string, RoutingDecision> _chat = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, RoutingDecision> _embeddings = new(
        StringComparer.Ordinal
    );
    private readonly Lazy<FrozenDictionary<string, ListedModel>> _byName;
    private readonly Lazy<IReadOnlyList<ListedModel>> _list;
    private int _invented;
    private int _known;

    internal NameResolver(RoutingTable table)
    {
        _table = table;
        var book = new NameBook(table);
        _decisions = new DecisionMaker(table, book);
        _list = new(() => NameList.Of(table, book));
        _byName = new(() =>
            _list.Value.ToFrozenDictionary(static listed => listed.Id, StringComparer.Ordinal)
        );
    }

    /// <summary>The chain for a name, or the error to tell. Decisions that no wish bears on are made once and shared.</summary>
    public Resolution Resolve(string name, Operation operation, Wishes wishes)
    {
        if (wishes.Steers)
            return _decisions.Make(name, operation, wishes, out _);
        var made = operation is Operation.Embeddings ? _embeddings : _chat;
        return made.TryGetValue(name, out var decision)
            ? new Resolution(decision, null)
            : Make(name, operation, made);
    }

    /// <summary>All names that can be called now, for <c>GET /v1/models</c>.</summary>
    public IReadOnlyList<ListedModel> List() => _list.Value;

    /// <summary>One of <see cref="List"/>; null where there is none of that name.</summary>
    public ListedModel? Find(string id) => _byName.Value.GetValueOrDefault(id);

    /// <summary>What a <c>provider/model</c> costs at a time; null where nobody knows.</summary>
    internal PriceSheet? PricesOf(string deployment, DateTimeOffset time)
    {
        foreach (
            var member in Resolve(deployment, Operation.Chat, Wishes.None).Decision?.Chain ?? []
        )
        {
            if (member.PublicName == deployment)
                return member.Prices?.On(DateOnly.FromDateTime(time.UtcDateTime));
        }
        return null;
    }

    /// <summary>Of each provider the deployment that it is best asked for: who else could serve a request.</summary>
    internal IEnumerable<Deployment> OneOfEach(Operation operation)
    {
        var embeddings = operation == Operation.Embeddings;
        foreach (var provider in _table.Providers)
        {
            if (
                ChatModels.Best(provider, _table.Deployments, embeddings) is { } model
                && _table.Deployments.Find(provider, model, out _) is { } deployment
            )
                yield return deployment;
        }
    }

    private Resolution Make(
        string name,
        Operation operation,
        ConcurrentDictionary<string, RoutingDecision> made
    )
    {
        var resolution = _decisions.Make(name, operation, Wishes.None, out var known);
        // Bounded, since clients can name models without end; past the bound a decision is made each time.
        if (
            resolution.Decision is { } decision
            && (known ? TakeOne(ref _known, MostKnown) : TakeOne(ref _invented, MostInvented))
        )
            return new Resolution(made.GetOrAdd(name, decision), null);
        return resolution;
    }

    private static bool TakeOne(ref int taken, int most) =>
        Volatile.Read(ref taken) < most && Interlocked.Increment(ref taken) <= most;
}

/// <summary>Either a decision or an error.</summary>
public readonly record struct Resolution(RoutingDecision? Decision, GatewayError? Error);

/// <summary>A callable name and its kind (<c>route</c>, <c>alias</c>, <c>chain</c>, <c>model</c> or the provider's name).</summary>
public sealed record ListedModel(string Id, string OwnedBy, DateTimeOffset Created);
