using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary>
/// <c>GET /api/llm/models</c>: what models there are, filtered and sorted, a page at a time (<c>limit</c>, <c>offset</c>);
/// <c>…/cheapest</c>, <c>…/fastest</c>, <c>…/best</c>: the first of them; <c>…/{provider}/{model}</c>: one, whole.
/// </summary>
internal sealed class ModelsEndpoints(Func<GatewaySnapshot> snapshot)
{
    private const string Address = "/api/llm/models";
    private const int DefaultLimit = 100;
    private const int MostAtOnce = 1000;

    private static readonly string[] Listed =
    [
        .. ModelQueryReader.Known,
        "sort",
        "limit",
        "offset",
    ];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(Address, NativeAnswer.Get(ListAsync));
        endpoints.Map(
            Address + "/cheapest",
            NativeAnswer.Get(context => ChooseAsync(context, ModelOrder.Cost, "a known price"))
        );
        endpoints.Map(
            Address + "/fastest",
            NativeAnswer.Get(context => ChooseAsync(context, ModelOrder.Latency, "a known speed"))
        );
        endpoints.Map(
            Address + "/best",
            NativeAnswer.Get(context => ChooseAsync(context, ModelOrder.Quality, "a known quality"))
        );
        endpoints.Map(Address + "/{**name}", NativeAnswer.Get(ShowAsync));
    }

    private Task ListAsync(HttpContext context)
    {
        var models = snapshot().Models.For(context.Features.Get<Caller>()?.Access);
        var query = new QueryParameters(context.Request.Query, Listed);
        var wanted = ModelQueryReader.Filters(query, models) with
        {
            Order = ModelQueryReader.Order(query),
        };
        var limit = query.Number("limit", 1, MostAtOnce) ?? DefaultLimit;
        var offset = query.Number("offset", 0, int.MaxValue) ?? 0;
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);

        var found = models.Find(wanted);
        var page = found.Skip(offset).Take(limit);
        return NativeAnswer.WriteAsync(
            context,
            new ModelList
            {
                Models = [.. page.Select(model => ModelShapes.Info(model, wanted.Task))],
                Total = found.Count,
                AvailableTotal = found.Count(static model => model.IsAvailable),
                NextOffset = offset + (long)limit < found.Count ? offset + limit : null,
                CatalogDate = models.CatalogDate,
            },
            ModelsJson.Default.ModelList
        );
    }

    /// <param name="context">The request.</param>
    /// <param name="order">Whose first is wanted.</param>
    /// <param name="known">What a model must have to be ranked at all, in words for who finds none.</param>
    private Task ChooseAsync(HttpContext context, ModelOrder order, string known)
    {
        var models = snapshot().Models.For(context.Features.Get<Caller>()?.Access);
        var query = new QueryParameters(context.Request.Query, ModelQueryReader.Known);
        var wanted = ModelQueryReader.Filters(query, models);
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);

        wanted = wanted.By(order);
        return models.Best(wanted) is { } best
            ? NativeAnswer.WriteAsync(
                context,
                ModelShapes.Details(best, wanted.Task),
                ModelsJson.Default.ModelDetails
            )
            : NativeAnswer.RefuseAsync(context, NoneMatches(context.Request.Query, wanted, known));
    }

    private Task ShowAsync(HttpContext context)
    {
        var models = snapshot().Models.For(context.Features.Get<Caller>()?.Access);
        var query = new QueryParameters(context.Request.Query, "task");
        var task = ModelQueryReader.Task(query);
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);

        // Slashes of ids may come escaped, which leaves them so in a path.
        var name = ((string)context.Request.RouteValues["name"]!).Replace(
            "%2F",
            "/",
            StringComparison.OrdinalIgnoreCase
        );
        return models.Named(name) is { } model
            ? NativeAnswer.WriteAsync(
                context,
                ModelShapes.Details(model, task),
                ModelsJson.Default.ModelDetails
            )
            : NativeAnswer.RefuseAsync(context, Unknown(name, models));
    }

    private static GatewayError NoneMatches(
        IQueryCollection asked,
        ModelQuery query,
        string known
    ) =>
        new(
            GatewayErrorKind.NotFound,
            $"No model with {known} matches {string.Join(", ", asked.Where(static field => field.Key != "key").Select(static field => $"{field.Key}={field.Value}").DefaultIfEmpty($"kind={ModelShapes.Word(query.Kind!.Value)}"))}. "
                + "What is unknown of a model meets no filter."
        )
        {
            Code = "no_model_matches",
        };

    private static GatewayError Unknown(string name, ModelFinder models)
    {
        var nearest = NearestName.Of(
            name,
            models
                .All.Select(static model => model.Id)
                .Concat(models.All.Select(static model => model.Model)),
            3
        );
        return new GatewayError(
            GatewayErrorKind.NotFound,
            $"Nobody knows a model '{(name.Length <= 100 ? name : name[..100] + "…")}'."
                + (
                    nearest.Count == 0
                        ? $" GET {Address}?q=… searches."
                        : $" Did you mean {string.Join(" or ", nearest.Select(static near => $"'{near}'"))}?"
                )
        )
        {
            Code = "model_not_found",
        };
    }
}
