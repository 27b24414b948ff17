using Dragoman.Catalog;
using Dragoman.Routing;

namespace Dragoman.Native;

/// <summary>Lists everything known once: what can be called with this configuration, then the rest of the catalog with the reason why not.</summary>
internal static class KnownModels
{
    public static IReadOnlyList<KnownModel> Of(RoutingTable table, ProviderTypes types)
    {
        var shelf = table.Deployments;
        var models = new List<KnownModel>(1500);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        void Add(KnownModel model)
        {
            if (seen.Add(model.Id))
                models.Add(model);
        }

        KnownModel Of(Deployment deployment) =>
            KnownModel.Of(
                deployment,
                table.LocalOnly && !deployment.Local
                    ? "only models in the house may be called here: local_only is on"
                    : null
            );

        foreach (var deployment in shelf.Listed)
            Add(Of(deployment));
        foreach (var provider in table.Providers)
        foreach (var (model, _) in shelf.Offered(provider))
            if (shelf.Find(provider, model, out _) is { } deployment)
                Add(Of(deployment));

        foreach (var name in shelf.Catalog.Providers)
        {
            var owner = table.Providers.FirstOrDefault(provider =>
                CatalogName(provider.Type) == name
            );
            var type = owner?.Type ?? types.All.FirstOrDefault(type => CatalogName(type) == name);
            var callable = owner is null
                ? []
                : models
                    .Where(model => model.Provider == owner.Name && model.Entry is not null)
                    .Select(static model => model.Entry!)
                    .ToHashSet(ReferenceEqualityComparer.Instance);
            foreach (var entry in shelf.Catalog.Of(name))
                if (!callable.Contains(entry))
                    Add(
                        KnownModel.Of(
                            entry,
                            owner?.Name ?? type?.Name ?? name,
                            type,
                            WhyNot(entry, owner, type, table)
                        )
                    );
        }
        return models;
    }

    private static string WhyNot(
        ModelEntry entry,
        Provider? owner,
        ProviderType? type,
        RoutingTable table
    )
    {
        if (owner is null)
            return table.Unavailable.GetValueOrDefault(type?.Name ?? entry.Provider)
                ?? $"{entry.Provider} is not configured";
        if (entry.Kind is not (ModelKind.Chat or ModelKind.Embedding))
            return "this gateway has no address for models of this kind";
        if (owner.OnlyListed)
            return $"configuration lists which models of {owner.Name} may be called, and this is none of them";
        if (owner.Type.Name == "ollama")
            return $"not on that server: ollama pull {entry.Id}";
        if (owner.Type.KeyOptional)
            return "not on that server";
        if (entry.Successor is { } successor)
            return $"retired: {owner.Name}/{successor} answers in its place";
        return entry.Status is ModelStatus.Legacy
            ? "its vendor no longer lists it; a call that names it is sent all the same"
            : "its vendor has announced its end; a call that names it is sent all the same";
    }

    private static string CatalogName(ProviderType type) => type.CatalogName ?? type.Name;
}
