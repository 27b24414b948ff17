using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Routing;

/// <summary>Looks a name up: reserved name, route, alias, deployment, <c>provider/model</c>, bare model id.</summary>
internal sealed class NameBook
{
    public const string Auto = "auto";
    public const string AutoPrefix = "auto:";
    public const string ChainPrefix = "chain:";
    public const string AgentPrefix = "agent:";

    private const string LatestTag = ":latest";

    private const int MaxAliases = 8;
    private const int MaxSuggestions = 3;

    private static readonly NameMeaning.Auto AnyAuto = new();

    private readonly RoutingTable _table;
    private readonly Dictionary<string, Provider> _providers = new(
        StringComparer.OrdinalIgnoreCase
    );

    public NameBook(RoutingTable table)
    {
        _table = table;
        foreach (var provider in table.Providers)
            _providers[provider.Name] = provider;
        // A type's names mean its first provider, unless a provider is called that.
        foreach (var provider in table.Providers)
        foreach (var name in provider.Type.Aliases.Append(provider.Type.Name))
            _providers.TryAdd(name, provider);
    }

    /// <summary>True of names that configuration may not give to anything.</summary>
    public static bool IsReserved(string name) =>
        name == Auto
        || name.StartsWith(AutoPrefix, StringComparison.Ordinal)
        || name.StartsWith(ChainPrefix, StringComparison.Ordinal)
        || name.StartsWith(AgentPrefix, StringComparison.Ordinal);

    public Provider? FindProvider(string name) => _providers.GetValueOrDefault(name);

    /// <summary>What a name means. Ollama's programs put the tag <c>latest</c> behind a name that has none; where it means nothing so, it is left off.</summary>
    public NameMeaning Find(string name)
    {
        var meaning = FindAsIs(name);
        return
            name.EndsWith(LatestTag, StringComparison.Ordinal)
            && IsUnknown(meaning)
            && FindAsIs(name[..^LatestTag.Length]) is var bare
            && !IsUnknown(bare)
            ? bare
            : meaning;
    }

    private static bool IsUnknown(NameMeaning meaning) =>
        meaning is NameMeaning.Nothing or NameMeaning.One { Known: false };

    private NameMeaning FindAsIs(string name)
    {
        for (var i = 0; i < MaxAliases; i++)
        {
            if (FindReserved(name) is { } reserved)
                return reserved;
            if (_table.Routes.TryGetValue(name, out var route))
                return new NameMeaning.ARoute(route);
            if (!_table.Aliases.TryGetValue(name, out var target))
                return FindDeployment(name);
            name = target;
        }
        return new NameMeaning.Nothing(NameErrors.Unknown(name, []), IsUnknown: true);
    }

    /// <summary>The chain of that name; a configured one wins over a predefined one.</summary>
    public NameMeaning FindChain(string name)
    {
        if (_table.Chains.TryGetValue(name, out var chain))
            return chain.Active
                ? new NameMeaning.AChain(
                    name,
                    [.. chain.Members.Select(static member => new ChainMember(member))],
                    chain.Settings,
                    chain.When
                )
                : new NameMeaning.Nothing(NameErrors.InactiveChain(name));
        if (PredefinedChains.Members(name, _table) is { } members)
            return new NameMeaning.AChain(name, members, ForwardingSettings.Default);
        return new NameMeaning.Nothing(
            NameErrors.UnknownChain(name, [.. _table.Chains.Keys.Union(PredefinedChains.Names)]),
            IsUnknown: true
        );
    }

    /// <summary>The callable names that somebody who wrote <paramref name="name"/> may have meant.</summary>
    public IReadOnlyList<string> Nearest(string name)
    {
        var known = _table
            .Routes.Keys.Concat(_table.Aliases.Keys)
            .Concat(_table.Agents.Keys.Select(static id => AgentPrefix + id))
            .Concat(_table.Deployments.Listed.Select(static deployment => deployment.Name))
            .Concat(_table.Deployments.KnownNames(_table.Providers));
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
            known = known.Concat(
                _table.Providers.SelectMany(provider =>
                    _table
                        .Deployments.Offered(provider)
                        .Select(offer => provider.Name + "/" + offer.Model)
                )
            );
        return NearestName.Of(name, known, MaxSuggestions);
    }

    private NameMeaning? FindReserved(string name)
    {
        if (name == Auto)
            return AnyAuto;
        if (name.StartsWith(ChainPrefix, StringComparison.Ordinal))
            return FindChain(name[ChainPrefix.Length..]);
        if (name.StartsWith(AutoPrefix, StringComparison.Ordinal))
            return FindStrategy(name[AutoPrefix.Length..]);
        if (name.StartsWith(AgentPrefix, StringComparison.Ordinal))
            return FindAgent(name[AgentPrefix.Length..]);
        return null;
    }

    private NameMeaning FindAgent(string id) =>
        !_table.Agents.TryGetValue(id, out var agent)
            ? new NameMeaning.Nothing(
                NameErrors.UnknownAgent(id, [.. _table.Agents.Keys]),
                IsUnknown: true
            )
        : agent.Active ? new NameMeaning.AnAgent(agent)
        : new NameMeaning.Nothing(NameErrors.InactiveAgent(id));

    private NameMeaning FindStrategy(string name) =>
        _table.Strategies.Find(name) is { } strategy
            ? new NameMeaning.Auto(strategy)
            : new NameMeaning.Nothing(
                NameErrors.UnknownStrategy(name, _table.Strategies.Choosing),
                IsUnknown: true
            );

    private NameMeaning FindDeployment(string name)
    {
        if (_table.Deployments.FindNamed(name) is { } named)
            return new NameMeaning.One(named, Known: true);

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && slash < name.Length - 1 && FindProvider(name[..slash]) is { } provider)
        {
            var model = name[(slash + 1)..];
            return _table.Deployments.Find(provider, model, out var known) is { } deployment
                ? new NameMeaning.One(deployment, known)
                : new NameMeaning.Nothing(NameErrors.NotListed(provider.Name, model));
        }

        if (_table.Deployments.Serving(name, _table.Providers) is { Count: > 0 } serving)
            return new NameMeaning.SameModel(serving);
        if (slash > 0 && _table.Unavailable.TryGetValue(name[..slash], out var why))
            return new NameMeaning.Nothing(NameErrors.NotConfigured(name[..slash], why));
        if (_table.Providers.Count == 0)
            return new NameMeaning.Nothing(NameErrors.NothingConfigured());
        var vendors = _table.Deployments.Vendors(name).ToHashSet(StringComparer.Ordinal);
        string[] reasons =
        [
            .. _table
                .Unavailable.Where(missing => vendors.Contains(missing.Key))
                .Select(static missing => missing.Value)
                .Take(MaxSuggestions),
        ];
        return reasons.Length > 0
            ? new NameMeaning.Nothing(NameErrors.ServedElsewhere(name, reasons))
            : new NameMeaning.Nothing(NameErrors.Unknown(name, Nearest(name)), IsUnknown: true);
    }
}
