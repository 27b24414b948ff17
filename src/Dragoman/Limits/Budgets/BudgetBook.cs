using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Limits.Budgets;

/// <summary>All budgets of a configuration. Which of them bear on a caller and a deployment is found once and remembered.</summary>
internal sealed class BudgetBook
{
    public static readonly BudgetBook Empty = new([]);

    /// <summary>Callers, deployments and whatever else bears on it, in so many combinations; past them all are forgotten.</summary>
    private const int MostRemembered = 50_000;

    private const int LongestValues = 400;

    private readonly ConcurrentDictionary<Place, BudgetAccount[]> _accounts = new();
    private readonly bool _needsWorkspace;
    private readonly bool _needsRoute;
    private readonly bool _needsTags;

    public BudgetBook(IReadOnlyList<Budget> budgets)
    {
        All = budgets;
        foreach (var budget in budgets)
        foreach (var (kind, _) in budget.Scope.Members)
        {
            _needsWorkspace |= kind == ScopeKind.Workspace;
            _needsRoute |= kind is ScopeKind.Route or ScopeKind.Agent;
            _needsTags |= kind == ScopeKind.Tag;
        }
    }

    public IReadOnlyList<Budget> All { get; }

    public bool IsEmpty => All.Count == 0;

    /// <summary>The budget of that name; null where there is none.</summary>
    public Budget? Find(string name)
    {
        foreach (var budget in All)
            if (budget.Name == name)
                return budget;
        return null;
    }

    /// <summary>The accounts that an attempt counts in; none where no budget bears on it.</summary>
    public BudgetAccount[] AccountsOf(Exchange exchange, Deployment deployment, BudgetKeeper keeper)
    {
        var facts = ScopeFacts.Of(exchange, deployment);
        // A request's own tags are too many to remember.
        if (
            _needsTags
            && facts.Tags is { Count: > 0 }
            && !ReferenceEquals(facts.Tags, facts.Caller?.Tags)
        )
            return Find(facts, keeper);
        var place = new Place(
            facts.Caller,
            deployment,
            _needsWorkspace ? facts.Workspace : null,
            _needsRoute ? facts.Route : null
        );
        if (_accounts.TryGetValue(place, out var known))
            return known;
        if (_accounts.Count >= MostRemembered)
            _accounts.Clear();
        return _accounts.GetOrAdd(place, Find(facts, keeper));
    }

    /// <summary>Clients choose some of the values: a very long one is told by its beginning and its hash.</summary>
    private static string Shortened(string values) =>
        values.Length <= LongestValues
            ? values
            : values[..(LongestValues / 2)]
                + "…"
                + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(values)));

    private BudgetAccount[] Find(in ScopeFacts facts, BudgetKeeper keeper)
    {
        var accounts = new List<BudgetAccount>();
        var values = new List<string>();
        foreach (var budget in All)
        {
            values.Clear();
            budget.Scope.Collect(facts, values);
            foreach (var value in values)
            {
                var account = keeper.AccountOf(budget, Shortened(value));
                if (!accounts.Contains(account))
                    accounts.Add(account);
            }
        }
        return [.. accounts];
    }

    /// <summary>What it hangs on; caller and deployment are the same where they are the same object.</summary>
    private readonly struct Place(
        Caller? caller,
        Deployment deployment,
        string? workspace,
        string? route
    ) : IEquatable<Place>
    {
        private readonly Caller? _caller = caller;
        private readonly Deployment _deployment = deployment;
        private readonly string? _workspace = workspace;
        private readonly string? _route = route;

        public bool Equals(Place other) =>
            ReferenceEquals(_caller, other._caller)
            && ReferenceEquals(_deployment, other._deployment)
            && _workspace == other._workspace
            && _route == other._route;

        public override bool Equals(object? obj) => obj is Place other && Equals(other);

        public override int GetHashCode() =>
            HashCode.Combine(
                RuntimeHelpers.GetHashCode(_caller),
                RuntimeHelpers.GetHashCode(_deployment),
                _workspace,
                _route
            );
    }
}
