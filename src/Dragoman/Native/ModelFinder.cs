using System.Collections.Concurrent;
using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Routing;

namespace Dragoman.Native;

/// <summary>
/// Answers what models there are: one query over what can be called with this configuration and everything else that is known.
/// One for each snapshot; the list is made when somebody first asks.
/// </summary>
internal sealed class ModelFinder
{
    /// <summary>Nothing is configured.</summary>
    public static readonly ModelFinder OfNothing = new(RoutingTable.Empty, ProviderTypes.Default);

    /// <summary>So many different views are kept, then all are made anew.</summary>
    private const int MostViews = 200;

    private readonly ConcurrentDictionary<ModelAccess, ModelFinder> _views = new();
    private readonly RoutingTable _table;
    private readonly ProviderTypes _types;
    private readonly Lazy<IReadOnlyList<KnownModel>> _all;

    public ModelFinder(RoutingTable table, ProviderTypes types)
    {
        (_table, _types) = (table, types);
        _all = new Lazy<IReadOnlyList<KnownModel>>(() => KnownModels.Of(table, types));
    }

    private ModelFinder(ModelFinder whole, ModelAccess access)
    {
        (_table, _types) = (whole._table, whole._types);
        _all = new Lazy<IReadOnlyList<KnownModel>>(() =>
            [.. whole.All.Where(model => IsFor(access, model))]
        );
    }

    public IReadOnlyList<KnownModel> All => _all.Value;

    /// <summary>The same of what somebody may call, and of nothing else.</summary>
    public ModelFinder For(ModelAccess? access)
    {
        if (access is null)
            return this;
        if (_views.Count >= MostViews)
            _views.Clear();
        return _views.GetOrAdd(
            access,
            static (access, whole) => new ModelFinder(whole, access),
            this
        );
    }

    /// <summary>The day the catalog's facts were gathered.</summary>
    public string CatalogDate => _table.Deployments.Catalog.Date;

    /// <summary>Every name by which providers can be asked for.</summary>
    public IEnumerable<string> ProviderNames =>
        _table
            .Providers.Select(static provider => provider.Name)
            .Concat(_types.All.SelectMany(static type => type.Aliases.Prepend(type.Name)))
            .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>All that match, in the order that was asked for.</summary>
    public IReadOnlyList<KnownModel> Find(ModelQuery query)
    {
        var found = All.Where(model => Matches(model, query));
        var ordered = query.Order switch
        {
            ModelOrder.Cost => found.OrderBy(static model => model.MeanCost ?? decimal.MaxValue),
            ModelOrder.Latency => found.OrderBy(static model =>
                model.AnswerTime ?? TimeSpan.MaxValue
            ),
            ModelOrder.Quality => found.OrderByDescending(model =>
                ScoreOf(model, query.Task) ?? double.MinValue
            ),
            _ => found.OrderBy(static _ => 0),
        };
        return
        [
            .. ordered
                .ThenBy(static model => !model.IsAvailable)
                .ThenBy(static model => !model.IsAlive)
                .ThenBy(static model => model.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The first by the order that was asked for among the models that can be called, simulated ones only where there is nothing
    /// real; where none of these matches, among those that their vendors still have, then among all. A model of which the order
    /// knows nothing is none. Null where nothing matches.
    /// </summary>
    public KnownModel? Best(ModelQuery query)
    {
        var found = Find(query).Where(model => IsRanked(model, query)).ToList();
        return found.Find(static model => model is { IsAvailable: true, IsSimulated: false })
            ?? found.Find(static model => model.IsAvailable)
            ?? found.Find(static model => model.IsAlive)
            ?? found.FirstOrDefault();
    }

    /// <summary>
    /// The model of that name: what it is called by here, <c>provider/model</c> or a bare model id, other names for it included; one
    /// that can be called first. Null where nobody ever heard of it.
    /// </summary>
    public KnownModel? Named(string name)
    {
        if (All.FirstOrDefault(model => model.Id == name) is { } exact)
            return exact;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && slash < name.Length - 1)
        {
            var (provider, model) = (name[..slash], name[(slash + 1)..]);
            var there = All.Where(known => IsOf(known, provider)).ToList();
            if (FirstNamed(there, model) is { } found)
                return found;
        }
        return FirstNamed(All, name);
    }

    /// <summary>The score at a task, or over all where none is named; null is unknown.</summary>
    public static double? ScoreOf(KnownModel model, string? task)
    {
        if (model.Kind is not ModelKind.Chat || model.Quality is not { } quality)
            return null;
        return task is null ? quality.Overall : quality.For(task)?.Score;
    }

    private static bool IsFor(ModelAccess access, KnownModel model) =>
        model is { IsAvailable: true, Deployment: { } deployment }
        && access.WhyNot(deployment) is null
        && (
            access.MayAskFor(model.Id)
            || access.MayAskFor(model.Model)
            || access.NamesOneOf([deployment])
        );

    private static KnownModel? FirstNamed(IReadOnlyList<KnownModel> models, string name)
    {
        var named = models.Where(model => model.GoesBy(name)).ToList();
        return named.Find(static model => model.IsAvailable)
            ?? named.Find(model => model.Model == name)
            ?? named.FirstOrDefault();
    }

    private static bool IsRanked(KnownModel model, ModelQuery query) =>
        query.Order switch
        {
            ModelOrder.Cost => model.MeanCost is not null,
            ModelOrder.Latency => model.AnswerTime is not null,
            ModelOrder.Quality => ScoreOf(model, query.Task) is not null,
            _ => true,
        };

    private static bool Matches(KnownModel model, ModelQuery query) =>
        (query.Kind is null || model.Kind == query.Kind)
        && (query.Local is null || model.Local == query.Local)
        && (query.Available is null || model.IsAvailable == query.Available)
        && (query.Type is null || model.LocalModel?.Type == query.Type)
        && (query.Provider is null || IsOf(model, query.Provider))
        && (query.MaxCostPer1k is not { } ceiling || model.MeanCost <= ceiling)
        && (query.MinContext is not { } least || model.ContextWindow >= least)
        && (query.Text is null || Mentions(model, query.Text))
        && model.Abilities.WhyNot(query.Capabilities) is null;

    /// <summary>The provider goes by that name here, or is of a type that does.</summary>
    public static bool IsOf(KnownModel model, string provider) =>
        Is(model.Provider, provider)
        || model.ProviderType is { } type
            && (Is(type.Name, provider) || type.Aliases.Any(alias => Is(alias, provider)));

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static bool Mentions(KnownModel model, string text) =>
        Has(model.Id, text)
        || Has(model.Model, text)
        || model.LocalModel is { } local && Has(local.Name, text)
        || model.Entry is { } entry
            && (
                entry.Family is { } family && Has(family, text)
                || entry.Aliases.Any(alias => Has(alias, text))
                || entry.LocalAliases.Any(alias => Has(alias, text))
            );

    private static bool Has(string name, string text) =>
        name.Contains(text, StringComparison.OrdinalIgnoreCase);
}
