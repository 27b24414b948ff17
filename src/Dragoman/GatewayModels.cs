using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman;

/// <summary>What models there are: those that can be called, and what else the catalog knows.</summary>
public sealed class GatewayModels
{
    private readonly Func<GatewaySnapshot> _snapshot;

    internal GatewayModels(Func<GatewaySnapshot> snapshot) => _snapshot = snapshot;

    /// <summary>The model of that name, <c>provider/model</c> or a bare id; null where nobody ever heard of it.</summary>
    public ModelDetails? Get(string name) =>
        Finder.Named(name) is { } model ? ModelShapes.Details(model, task: null) : null;

    /// <summary>All that match, in the order that is asked for.</summary>
    /// <param name="query">What is asked for; null is all.</param>
    public IReadOnlyList<ModelInfo> List(ModelQuery? query = null)
    {
        query = Checked(query);
        return [.. Finder.Find(query).Select(model => ModelShapes.Info(model, query.Task))];
    }

    /// <summary>Those of one provider, by its name here or by a name of its type.</summary>
    public IReadOnlyList<ModelInfo> ListOf(string provider) =>
        List(new ModelQuery { Provider = provider });

    /// <summary>Those that can be called and are known to have a capability, the cheapest first.</summary>
    /// <param name="capability">E.g. <c>vision</c>.</param>
    /// <param name="maxCostPer1k">US dollars per 1,000 tokens, the mean of input and output price; null is no ceiling.</param>
    public IReadOnlyList<ModelInfo> ListWith(string capability, decimal? maxCostPer1k = null) =>
        List(
            new ModelQuery
            {
                Capabilities = [capability],
                MaxCostPer1k = maxCostPer1k,
                Available = true,
                Order = ModelOrder.Cost,
            }
        );

    /// <summary>The cheapest that matches, among those that can be called if there is one; null where no price is known of any.</summary>
    public ModelDetails? Cheapest(ModelQuery? query = null) => First(query, ModelOrder.Cost);

    /// <summary>The fastest that matches; see <see cref="Cheapest"/>.</summary>
    public ModelDetails? Fastest(ModelQuery? query = null) => First(query, ModelOrder.Latency);

    /// <summary>The best that matches, at <see cref="ModelQuery.Task"/> or over all; see <see cref="Cheapest"/>.</summary>
    public ModelDetails? Best(ModelQuery? query = null) => First(query, ModelOrder.Quality);

    private ModelFinder Finder => _snapshot().Models;

    private ModelDetails? First(ModelQuery? query, ModelOrder order)
    {
        query = Checked(query);
        return Finder.Best(query.By(order)) is { } model
            ? ModelShapes.Details(model, query.Task)
            : null;
    }

    /// <summary>Words under their first names; one that nobody knows is a mistake, not a filter that nothing passes.</summary>
    private static ModelQuery Checked(ModelQuery? query) =>
        query is null
            ? new ModelQuery()
            : query with
            {
                Capabilities =
                [
                    .. query.Capabilities.Select(static word =>
                        Capabilities.Find(word)
                        ?? throw new ArgumentException(
                            $"'{word}' is not a known capability. Known are: {string.Join(", ", Capabilities.All)}.",
                            nameof(query)
                        )
                    ),
                ],
                Task = query.Task is { } task ? TaskNames.Find(task) ?? task : null,
            };
}
