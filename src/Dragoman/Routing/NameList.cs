using System.Globalization;

namespace Dragoman.Routing;

/// <summary>Lists every name that can be called now, each once, in an order that does not change between calls.</summary>
internal static class NameList
{
    public static IReadOnlyList<ListedModel> Of(RoutingTable table, NameBook book)
    {
        if (table.Providers.Count == 0)
            return [];
        var names = new Dictionary<string, ListedModel>(StringComparer.Ordinal);
        void Add(string id, string kind, string? released = null) =>
            names.TryAdd(id, new ListedModel(id, kind, Date(released)));

        // In the order in which names are looked up: of two of a name the first is the one that answers.
        Add(NameBook.Auto, "dragoman");
        foreach (var strategy in table.Strategies.Choosing)
            Add(NameBook.AutoPrefix + strategy, "dragoman");
        foreach (var chain in table.Chains.Keys.Union(PredefinedChains.Names))
            if (CanBeCalled(chain, book))
                Add(NameBook.ChainPrefix + chain, "chain");
        foreach (var agent in table.Agents.Values)
            if (agent.Active)
                Add(NameBook.AgentPrefix + agent.Id, "agent");
        foreach (var route in table.Routes.Keys)
            Add(route, "route");
        foreach (var alias in table.Aliases.Keys)
            if (book.Find(alias) is not NameMeaning.Nothing)
                Add(alias, "alias");
        foreach (var deployment in table.Deployments.Listed)
            Add(deployment.Name, deployment.Provider.Name);
        foreach (var provider in table.Providers)
        foreach (var (model, entry) in table.Deployments.Offered(provider))
            Add(provider.Name + "/" + model, provider.Name, entry?.Released);
        foreach (var provider in table.Providers)
        foreach (var (model, entry) in table.Deployments.Offered(provider))
            Add(model, "model", entry?.Released);
        return [.. names.Values.OrderBy(static listed => listed.Id, StringComparer.Ordinal)];
    }

    private static bool CanBeCalled(string chain, NameBook book) =>
        book.FindChain(chain) is NameMeaning.AChain found
        && found.Members.Any(member =>
            member.WhyNot is null && book.Find(member.Name) is not NameMeaning.Nothing
        );

    /// <summary>A release date of any precision; clients want some number, so the unknown is the epoch.</summary>
    private static DateTimeOffset Date(string? released) =>
        DateTimeOffset.TryParseExact(
            released,
            ["yyyy-MM-dd", "yyyy-MM", "yyyy"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date
        )
            ? date
            : DateTimeOffset.UnixEpoch;
}
