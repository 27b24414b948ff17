using System.Collections.Concurrent;
using System.Collections.Frozen;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing.Rules;

namespace Dragoman.Routing;

/// <summary>Finds what a model name means: reserved name, route, alias, deployment, <c>provider/model</c>, bare model id.</summary>
public sealed class NameResolver
{
    /// <summary>Names of models that nobody ever heard of and that are let through to their provider.</summary>
    private const int MostInvented = 1_000;

    private const int MostKnown = 20_000;

    /// <summary>Names decided for those who may not call everything.</summary>
    private const int MostRestricted = 20_000;

    /// <summary>What requests that share their decisions wish.</summary>
    private static readonly Wishes WithFallback = new() { ComputesFallback = true };

    private readonly RoutingTable _table;
    private readonly DecisionMaker _decisions;
    private readonly AllowedNames _allowed;
    private readonly ConcurrentDictionary<Asked, RoutingDecision> _made = new();
    private readonly Lazy<FrozenDictionary<string, ListedModel>> _byName;
    private readonly Lazy<IReadOnlyList<ListedModel>> _list;
    private int _invented;
    private int _known;
    private int _restricted;

    internal NameResolver(RoutingTable table)
    {
        _table = table;
        Book = new NameBook(table);
        _decisions = new DecisionMaker(table, Book);
        _allowed = new AllowedNames(this, Book);
        _list = new(() => NameList.Of(table, Book));
        _byName = new(() =>
            _list.Value.ToFrozenDictionary(static listed => listed.Id, StringComparer.Ordinal)
        );
    }

    /// <summary>The chain for a request, or the error to tell. Decisions on which nothing of a request bears are made once and shared.</summary>
    public Resolution Resolve(Exchange exchange)
    {
        var access = exchange.Get<Caller>()?.Access;
        if (
            access is not null
            && exchange.Get<HouseNamed>() is null
            && _allowed.WhyNot(access, exchange.Envelope.Model, exchange.Wishes) is { } forbidden
        )
            return new Resolution(null, forbidden);
        if (_table.Agents.Count > 0 || !_table.Rules.IsEmpty)
        {
            var meaning = Book.Find(exchange.Envelope.Model);
            if (meaning is NameMeaning.AnAgent { Agent: var agent })
                return _decisions.Make(RoutedRequest.Of(exchange).As(agent), out _);
            if (RuleFor(exchange, meaning) is { } rule)
                return Ruled(exchange, rule);
        }
        return Resolve(
            exchange.Envelope.Model,
            exchange.Operation,
            exchange.Wishes,
            exchange,
            access
        );
    }

    /// <summary>The chain that a name would give a usual request. A limit of money is left out: there is no request to keep it.</summary>
    public Resolution Resolve(string name, Operation operation, Wishes wishes) =>
        Resolve(name, operation, wishes, access: null);

    /// <summary>The same for who may call only some of what there is.</summary>
    internal Resolution Resolve(
        string name,
        Operation operation,
        Wishes wishes,
        ModelAccess? access
    ) =>
        access is not null && _allowed.WhyNot(access, name, wishes) is { } forbidden
            ? new Resolution(null, forbidden)
            : Resolve(name, operation, wishes, exchange: null, access);

    /// <summary>The chain of another name for a request that cannot have its own; what shapes the request, and what keeps it in the house, stays.</summary>
    internal Resolution Instead(string name, Exchange exchange, RoutingDecision former)
    {
        var (decision, error) = _decisions.Make(
            AsDecided(exchange, former).Instead(name, former),
            out _
        );
        return new Resolution(
            decision is null ? null : decision with { Shaping = former.Shaping },
            error
        );
    }

    /// <summary>The request as it was decided about: as the agent has it that was asked, or the rule that fired.</summary>
    internal RoutedRequest AsDecided(Exchange exchange, RoutingDecision decision)
    {
        var request = RoutedRequest.Of(exchange);
        if (Book.Find(exchange.Envelope.Model) is NameMeaning.AnAgent { Agent: var agent })
            return request.As(agent);
        return
            decision.Rule is { } name
            && _table.Rules.Rules.FirstOrDefault(rule => rule.Name == name) is { } rule
            ? request.Under(rule)
            : request;
    }

    /// <summary>A deployment with the facts that bear on a usual request.</summary>
    internal Candidate FactsOf(Deployment deployment, string? task) =>
        CandidateFacts.Of(
            deployment,
            new CostEstimate(RequestSize.Usual, Operation.Chat, Today),
            task,
            RequestNeeds.None,
            difficulty: null,
            new LiveFacts(_table.Time.GetUtcNow(), _table.Quality)
        );

    /// <summary>The chain for a request that is not on its way: one that is looked at from its record.</summary>
    internal Resolution Resolve(RoutedRequest request) => _decisions.Make(request, out _);

    internal RoutingTable Table => _table;

    internal NameBook Book { get; }

    /// <summary>All names that can be called now, for <c>GET /v1/models</c>.</summary>
    public IReadOnlyList<ListedModel> List() => _list.Value;

    /// <summary>One of <see cref="List"/>; null where there is none of that name.</summary>
    public ListedModel? Find(string id) => _byName.Value.GetValueOrDefault(id);

    /// <summary>Those of <see cref="List"/> that somebody may call.</summary>
    internal IReadOnlyList<ListedModel> ListFor(ModelAccess? access) =>
        access is null ? List() : _allowed.List(access);

    /// <summary>One of <see cref="ListFor"/>; null where there is none of that name.</summary>
    internal ListedModel? FindFor(ModelAccess? access, string id) =>
        Find(id) is { } found && (access is null || _allowed.CanCall(access, id)) ? found : null;

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

    /// <summary>The rule that a request comes under; null where none does, or where the client pinned what it wants.</summary>
    private RoutingRule? RuleFor(Exchange exchange, NameMeaning meaning) =>
        _table.Rules.IsEmpty
        || !meaning.ComesUnderRules
        || exchange.Wishes.IsForced
        || exchange.Operation is Operation.Embeddings
            ? null
            : _table.Rules.Match(new ExchangeFacts(exchange));

    /// <summary>As the rule has it; where nobody of whom it wants can be asked, as if there were no rule.</summary>
    private Resolution Ruled(Exchange exchange, RoutingRule rule)
    {
        var ruled = _decisions.Make(RoutedRequest.Of(exchange).Under(rule), out _);
        if (ruled.Decision is not null)
            return ruled;
        var (decision, error) = Resolve(
            exchange.Envelope.Model,
            exchange.Operation,
            exchange.Wishes,
            exchange,
            exchange.Get<Caller>()?.Access
        );
        return decision is null
            ? new Resolution(null, error)
            : new Resolution(
                decision with
                {
                    Excluded =
                    [
                        new SkipRecord($"rule '{rule.Name}'", ruled.Error!.Message),
                        .. decision.Excluded,
                    ],
                },
                null
            );
    }

    private Resolution Resolve(
        string name,
        Operation operation,
        Wishes wishes,
        Exchange? exchange,
        ModelAccess? access
    )
    {
        if (_table.Agents.Count > 0 && Book.Find(name) is NameMeaning.AnAgent { Agent: var agent })
            return _decisions.Make(
                Request(name, operation, wishes, exchange, access).As(agent),
                out _
            );
        if (wishes.Steers)
            return _decisions.Make(Request(name, operation, wishes, exchange, access), out _);
        var asked = new Asked(
            name,
            operation is Operation.Embeddings,
            wishes.ComputesFallback,
            // Who is named serves what it is given; of those that are computed some cannot.
            wishes.ComputesFallback && exchange is not null
                ? exchange.Envelope.Needs
                : RequestNeeds.None,
            access
        );
        var now = exchange?.StartedAt ?? _table.Time.GetUtcNow();
        if (
            !_made.TryGetValue(asked, out var shared)
            || (!shared.OfThisRequest && shared.HoldsUntil <= now)
        )
        {
            var resolution = Make(asked, now, shared);
            if (resolution.Decision is null)
                return resolution;
            shared = resolution.Decision;
        }
        return shared.OfThisRequest
            ? _decisions.Make(Request(name, operation, wishes, exchange, access), out _)
            : new Resolution(shared, null);
    }

    /// <summary>Makes a decision to be shared, in place of a former one that is too old.</summary>
    private Resolution Make(Asked asked, DateTimeOffset now, RoutingDecision? former)
    {
        var resolution = _decisions.Make(
            new RoutedRequest
            {
                Name = asked.Name,
                Operation = asked.Embeddings ? Operation.Embeddings : Operation.Chat,
                Wishes = asked.ComputesFallback ? WithFallback : Wishes.None,
                Now = now,
                Needs = asked.Needs,
                Access = asked.Access,
            },
            out var known
        );
        if (former is not null && resolution.Decision is { } renewed)
            return new Resolution(_made[asked] = renewed, null);
        // Bounded, since clients can name models without end; past the bound a decision is made each time.
        if (
            resolution.Decision is { } decision
            && (
                !known ? TakeOne(ref _invented, MostInvented)
                : asked.Access is not null ? TakeOne(ref _restricted, MostRestricted)
                : TakeOne(ref _known, MostKnown)
            )
        )
            return new Resolution(_made.GetOrAdd(asked, decision), null);
        return resolution;
    }

    private RoutedRequest Request(
        string name,
        Operation operation,
        Wishes wishes,
        Exchange? exchange,
        ModelAccess? access
    ) =>
        exchange is not null
            ? RoutedRequest.Of(exchange)
            : new RoutedRequest
            {
                Name = name,
                Operation = operation,
                Wishes = wishes,
                Now = _table.Time.GetUtcNow(),
                Access = access,
            };

    private DateOnly Today => DateOnly.FromDateTime(_table.Time.GetUtcNow().UtcDateTime);

    private static bool TakeOne(ref int taken, int most) =>
        Volatile.Read(ref taken) < most && Interlocked.Increment(ref taken) <= most;

    /// <summary>All that bears on a decision that requests share.</summary>
    private readonly record struct Asked(
        string Name,
        bool Embeddings,
        bool ComputesFallback,
        RequestNeeds Needs,
        ModelAccess? Access
    );
}

/// <summary>Either a decision or an error.</summary>
public readonly record struct Resolution(RoutingDecision? Decision, GatewayError? Error);

/// <summary>A callable name and its kind (<c>route</c>, <c>alias</c>, <c>chain</c>, <c>model</c> or the provider's name).</summary>
public sealed record ListedModel(string Id, string OwnedBy, DateTimeOffset Created);
