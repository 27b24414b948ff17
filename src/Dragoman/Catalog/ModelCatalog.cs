namespace Dragoman.Catalog;

/// <summary>All models that are publicly known, by provider. Immutable; the built-in one is read on first use.</summary>
public sealed class ModelCatalog
{
    private static readonly Lazy<ModelCatalog> BuiltIn = new(static () =>
        Load(EmbeddedJson.Read("models.json"))
    );

    private readonly Dictionary<string, ProviderShelf> _shelves = new(StringComparer.Ordinal);

    private ModelCatalog(string date, IReadOnlyList<ModelEntry> models)
    {
        Date = date;
        Models = models;
        foreach (var model in models)
        {
            if (!_shelves.TryGetValue(model.Provider, out var shelf))
                _shelves.Add(model.Provider, shelf = new ProviderShelf());
            shelf.Add(model);
        }
    }

    /// <summary>The catalog that ships with the product.</summary>
    public static ModelCatalog Default => BuiltIn.Value;

    /// <summary>Reads a catalog in the schema of <c>models.json</c>; throws <see cref="System.Text.Json.JsonException"/> on any other.</summary>
    public static ModelCatalog Load(ReadOnlyMemory<byte> utf8Json)
    {
        var (date, models) = ModelCatalogReader.Read(utf8Json);
        return new ModelCatalog(date, models);
    }

    /// <summary>The same with other rows: each takes the place of the row of its provider and id, or is added.</summary>
    public ModelCatalog With(IReadOnlyList<ModelEntry> changed)
    {
        var rows = changed.ToDictionary(static row => (row.Provider, row.Id));
        var kept = Models.Select(model =>
            rows.Remove((model.Provider, model.Id), out var row) ? row : model
        );
        // What is left when the last of ours was looked at is new.
        return new ModelCatalog(Date, [.. kept.ToList(), .. rows.Values]);
    }

    /// <summary>The row of that very id; null where there is none.</summary>
    public ModelEntry? FindId(string provider, string id) =>
        Find(provider, id) is { } found && found.Id == id ? found : null;

    /// <summary>The day the facts were gathered, e.g. <c>2026-11-20</c>.</summary>
    public string Date { get; }

    public IReadOnlyList<ModelEntry> Models { get; }

    /// <summary>Names of the providers that have models here.</summary>
    public IReadOnlyCollection<string> Providers => _shelves.Keys;

    /// <summary>All models of a provider type; empty where none is known.</summary>
    public IReadOnlyList<ModelEntry> Of(string provider) =>
        _shelves.TryGetValue(provider, out var shelf) ? shelf.Models : [];

    /// <summary>
    /// The row for what a client calls a model at <paramref name="provider"/> (a provider type's catalog name): its id, an alias, or
    /// one of these followed by a snapshot date (<see cref="SnapshotDate"/>), since vendors price a new snapshot as the model it is
    /// one of. Nothing else is guessed: an unknown name is null, which means unpriced and never free.
    /// </summary>
    public ModelEntry? Find(string provider, string name)
    {
        if (!_shelves.TryGetValue(provider, out var shelf))
            return null;
        return shelf.Find(name)
            ?? (SnapshotDate.Strip(name) is { } undated ? shelf.Find(undated) : null);
    }

    /// <summary>
    /// For a bare name, the best row of every provider that serves it: by id, by alias, else by the key that joins a model across
    /// providers (<see cref="ModelEntry.Model"/>); among rows of the same key an active one first, then the shortest id.
    /// </summary>
    public IReadOnlyList<ModelEntry> Serving(string name)
    {
        List<ModelEntry>? found = null;
        foreach (var shelf in _shelves.Values)
        {
            if (shelf.Find(name) is { } named)
                (found ??= []).Add(named);
            else if (shelf.FindByKey(name) is { } joined)
                (found ??= []).Add(joined);
        }
        if (found is null && SnapshotDate.Strip(name) is { } undated)
        {
            foreach (var shelf in _shelves.Values)
            {
                if (shelf.Find(undated) is { } snapshot)
                    (found ??= []).Add(snapshot);
            }
        }
        return found ?? [];
    }

    private sealed class ProviderShelf
    {
        private readonly Dictionary<string, ModelEntry> _names = new(StringComparer.Ordinal);
        private readonly Dictionary<string, ModelEntry> _keys = new(StringComparer.Ordinal);
        private readonly List<ModelEntry> _models = [];

        public IReadOnlyList<ModelEntry> Models => _models;

        public void Add(ModelEntry model)
        {
            _models.Add(model);
            // An id wins over another row's alias.
            _names[model.Id] = model;
            foreach (var alias in model.Aliases)
                _names.TryAdd(alias, model);
            foreach (var alias in model.LocalAliases)
                _names.TryAdd(alias, model);
            if (!_keys.TryGetValue(model.Model, out var rival) || IsBetter(model, rival))
                _keys[model.Model] = model;
        }

        public ModelEntry? Find(string name) => _names.GetValueOrDefault(name);

        public ModelEntry? FindByKey(string key) => _keys.GetValueOrDefault(key);

        private static bool IsBetter(ModelEntry model, ModelEntry rival) =>
            model.Status != rival.Status
                ? model.Status < rival.Status
                : model.Id.Length < rival.Id.Length;
    }
}
