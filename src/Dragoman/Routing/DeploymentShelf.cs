using Dragoman.Catalog;

namespace Dragoman.Routing;

/// <summary>Finds or makes the deployment for a model at a provider: as configuration lists it, else as the catalog knows it, else unpriced.</summary>
internal sealed class DeploymentShelf
{
    private readonly ModelCatalog _catalog;
    private readonly DeploymentStates _states;
    private readonly DeploymentParameters? _defaults;
    private readonly Dictionary<string, Deployment> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Provider, string Model), Deployment> _listed = [];
    private readonly ServedModels _served;

    /// <param name="catalog">What is publicly known about models.</param>
    /// <param name="states">What changes while running.</param>
    /// <param name="listed">Deployments that configuration lists, with names of their own.</param>
    /// <param name="served">What servers in the house said they have.</param>
    /// <param name="defaults">Parameters of deployments that configuration does not list.</param>
    public DeploymentShelf(
        ModelCatalog catalog,
        DeploymentStates states,
        IReadOnlyList<Deployment> listed,
        ServedModels served,
        DeploymentParameters? defaults = null
    )
    {
        (_catalog, _states, _served, _defaults) = (catalog, states, served, defaults);
        Listed = listed;
        foreach (var deployment in listed)
        {
            _named[deployment.Name] = deployment;
            // The first one listed speaks for provider/model; others of the same model go by their names.
            _listed.TryAdd((deployment.Provider.Name, deployment.Model), deployment);
        }
    }

    /// <summary>What is publicly known about models, with what an own catalog says over it.</summary>
    public ModelCatalog Catalog => _catalog;

    /// <summary>Those that configuration lists.</summary>
    public IReadOnlyList<Deployment> Listed { get; }

    public Deployment? FindNamed(string name) => _named.GetValueOrDefault(name);

    /// <summary>The deployment of a model at a provider; null where only listed models may be called there.</summary>
    /// <param name="provider">A provider that can be called.</param>
    /// <param name="name">What somebody calls the model.</param>
    /// <param name="known">False where nobody ever heard of it: the name may be invented.</param>
    public Deployment? Find(Provider provider, string name, out bool known)
    {
        known = true;
        if (_listed.TryGetValue((provider.Name, name), out var listed))
            return listed;
        var entry = Entry(provider, name);
        var model = entry is not null && entry.LocalAliases.Contains(name) ? entry.Id : name;
        if (_listed.TryGetValue((provider.Name, model), out listed))
            return listed;
        if (provider.OnlyListed)
            return null;
        if (ServedAs(provider, name) is not null)
            return Make(provider, name, entry);
        if (ServedAs(provider, entry) is { } served)
            return Make(provider, served.Name, entry);
        known = entry is not null;
        // decisions/0013: what the vendor no longer answers for, and nobody listed, is called as what replaces it.
        return entry?.Successor is { } successor
            ? Current(provider, successor).InPlaceOf(name)
            : Make(provider, model, entry);
    }

    /// <summary>
    /// Every deployment that serves the model a bare name means, in the order of <paramref name="providers"/>; one that answers in
    /// place of a retired model only where nobody has that model any more.
    /// </summary>
    public IReadOnlyList<Deployment> Serving(string name, IReadOnlyList<Provider> providers)
    {
        var rows = _catalog.Serving(name);
        var found = new List<Deployment>();
        foreach (var provider in providers)
        {
            if (_listed.TryGetValue((provider.Name, name), out var listed))
                found.Add(listed);
            else if (ServedAs(provider, name) is { } served)
                found.Add(Make(provider, served.Name, Entry(provider, served.Name)));
            else if (
                Row(provider, rows) is { } row
                && (IsOffered(provider, row.Id) || ServedAs(provider, row) is not null)
            )
                found.Add(Find(provider, OwnName(row, name), out _)!);
        }
        return found.Exists(static deployment => deployment.Replaces is null)
            ? found.FindAll(static deployment => deployment.Replaces is null)
            : found;
    }

    /// <summary>Names of the provider types that are known to serve a model, configured or not.</summary>
    public IEnumerable<string> Vendors(string name) =>
        _catalog.Serving(name).Select(static row => row.Provider);

    /// <summary>Every model id that can be called at a provider as far as anybody knows, with what the catalog says of it.</summary>
    public IEnumerable<(string Model, ModelEntry? Entry)> Offered(Provider provider)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var deployment in Listed)
            if (deployment.Provider.Name == provider.Name && seen.Add(deployment.Model))
                yield return (deployment.Model, Entry(provider, deployment.Model));
        if (provider.OnlyListed)
            yield break;
        if (_served.Of(provider.Name) is { } served)
        {
            foreach (var model in served)
                if (seen.Add(model.Name))
                    yield return (model.Name, Entry(provider, model.Name));
        }
        else if (KeepsEverything(provider))
        {
            foreach (var row in _catalog.Of(CatalogName(provider)))
                if (
                    row
                        is { Status: ModelStatus.Active or ModelStatus.Beta }
                            and { Kind: ModelKind.Chat or ModelKind.Embedding }
                    && seen.Add(row.Id)
                )
                    yield return (row.Id, row);
        }
    }

    /// <summary>Model names that the catalog knows at providers that can be called: what a mistyped name may have meant.</summary>
    public IEnumerable<string> KnownNames(IEnumerable<Provider> providers) =>
        providers.SelectMany(provider => Offered(provider)).Select(static offer => offer.Model);

    /// <summary>The deployment of a model that is not retired itself.</summary>
    private Deployment Current(Provider provider, string model) =>
        _listed.TryGetValue((provider.Name, model), out var listed)
            ? listed
            : Make(provider, model, Entry(provider, model));

    private Deployment Make(Provider provider, string model, ModelEntry? entry)
    {
        var served = _served.Find(provider.Name, model);
        return new Deployment
        {
            Name = provider.Name + "/" + model,
            Provider = provider,
            Model = model,
            Entry = entry,
            Prices = entry?.Prices,
            ContextWindow = served?.ContextWindow ?? entry?.ContextWindow,
            MaxOutput = entry?.MaxOutput,
            Dimensions = entry?.Dimensions ?? served?.Dimensions,
            ReasoningEfforts = entry?.ReasoningEfforts,
            Capabilities =
                served?.Over(entry?.Capabilities)
                ?? entry?.Capabilities
                ?? ModelCapabilities.Unknown,
            Strengths = entry?.Strengths ?? [],
            Served = served,
            Local = provider.Local && !LeavesTheHouse(provider.Type, model, served),
            Parameters = _defaults,
            State = _states.Of(provider.Name, model),
        };
    }

    /// <summary>A call of the model at that provider leaves the house, be the provider itself in it.</summary>
    public bool LeavesTheHouse(Provider provider, string model) =>
        !provider.Local || LeavesTheHouse(provider.Type, model, _served.Find(provider.Name, model));

    /// <summary>
    /// Ollama runs models whose names end in <c>cloud</c> on its vendor's machines, and those that it says are remote. It is
    /// asked in other dialects too, so a tag that ends so counts everywhere.
    /// </summary>
    public static bool LeavesTheHouse(ProviderType type, string model, ServedModel? served) =>
        served?.RunsElsewhere == true
        || (
            model.EndsWith("cloud", StringComparison.OrdinalIgnoreCase)
            && (type.Name == "ollama" || type.Dialect == "ollama" || model.Contains(':'))
        );

    /// <summary>The catalog's row for a model at a provider.</summary>
    public ModelEntry? Entry(Provider provider, string model) =>
        _catalog.Find(CatalogName(provider), model);

    private static string CatalogName(Provider provider) =>
        provider.Type.CatalogName ?? provider.Type.Name;

    private static ModelEntry? Row(Provider provider, IReadOnlyList<ModelEntry> rows)
    {
        foreach (var row in rows)
            if (row.Provider == CatalogName(provider))
                return row;
        return null;
    }

    /// <summary>The name itself where this row goes by it, else the row's id: the name was another provider's or the shared key.</summary>
    private string OwnName(ModelEntry row, string name) =>
        _catalog.Find(row.Provider, name) is null ? row.Id : name;

    private bool IsOffered(Provider provider, string model) =>
        provider.OnlyListed
            ? _listed.ContainsKey((provider.Name, model))
            : KeepsEverything(provider);

    /// <summary>A vendor has all of its models; a server in the house has what it says it has.</summary>
    private static bool KeepsEverything(Provider provider) => !provider.Type.KeyOptional;

    private ServedModel? ServedAs(Provider provider, string name) =>
        provider.OnlyListed ? null : _served.Find(provider.Name, name);

    /// <summary>What a server in the house has of a model of the catalog, under whichever of its tags: <c>codellama:7b</c> or <c>codellama:latest</c>.</summary>
    private ServedModel? ServedAs(Provider provider, ModelEntry? entry)
    {
        if (entry is null || provider.OnlyListed || _served.Of(provider.Name) is not { } models)
            return null;
        foreach (var model in models)
            if (model.Name == entry.Id)
                return model;
        foreach (var model in models)
            if (ReferenceEquals(Entry(provider, model.Name), entry))
                return model;
        return null;
    }
}
