using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>What callers are told about names that cannot be called.</summary>
internal static class NameErrors
{
    private const string NotFoundCode = "model_not_found";

    public static GatewayError Unknown(string name, IReadOnlyList<string> nearest) =>
        NotFound(
            nearest.Count == 0
                ? $"The model '{Shown(name)}' does not exist here. GET /v1/models lists what does."
                : $"The model '{Shown(name)}' does not exist here. Did you mean {string.Join(" or ", nearest.Select(static n => $"'{n}'"))}?"
        );

    public static GatewayError NoModel() =>
        new(GatewayErrorKind.InvalidRequest, "The request names no model.")
        {
            Code = "model_missing",
            Param = "model",
        };

    /// <summary>Who asks may not call it; <paramref name="field"/> is where they named it.</summary>
    public static GatewayError NotAllowed(
        string name,
        ModelAccess access,
        string field = "model"
    ) =>
        new(
            GatewayErrorKind.Permission,
            $"This key may not call '{Shown(name)}'. Allowed are {access.Told()}."
        )
        {
            Code = "model_not_allowed",
            Param = field,
        };

    public static GatewayError NotConfigured(string provider, string why) =>
        NotFound($"The provider '{provider}' cannot be called: {why}.");

    /// <summary>The model is known, and nobody who serves it is configured.</summary>
    public static GatewayError ServedElsewhere(string name, IReadOnlyList<string> reasons) =>
        NotFound($"No configured provider serves '{Shown(name)}': {string.Join("; ", reasons)}.");

    public static GatewayError NotListed(string provider, string model) =>
        NotFound(
            $"The provider '{provider}' serves only the models that configuration lists, and '{Shown(model)}' is not one of them."
        );

    public static GatewayError UnknownAgent(string id, IReadOnlyList<string> known) =>
        NotFound(
            $"There is no agent '{Shown(id)}'. "
                + (
                    known.Count == 0
                        ? "None is configured: agents are a section of dragoman.yaml."
                        : $"Known are: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
                )
                + (NearestName.Of(id, known) is { } near ? $" Did you mean '{near}'?" : "")
        );

    public static GatewayError InactiveAgent(string id) =>
        NotFound($"The agent '{Shown(id)}' is switched off.");

    /// <summary>The chain is for other requests.</summary>
    public static GatewayError ChainNotForThis(string name, string when) =>
        new(
            GatewayErrorKind.InvalidRequest,
            $"The chain '{Shown(name)}' is not for this request: it is for those of which {when} holds."
        )
        {
            Code = "chain_not_for_this",
            Param = "model",
        };

    public static GatewayError UnknownChain(string name, IReadOnlyList<string> known) =>
        NotFound(
            $"There is no chain '{Shown(name)}'. Known are: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
        );

    public static GatewayError UnknownStrategy(string name, IEnumerable<string> known) =>
        NotFound(NoStrategy(name, known));

    /// <summary>The same, where a wish named it.</summary>
    public static GatewayError UnknownWishedStrategy(string name, IEnumerable<string> known) =>
        new(GatewayErrorKind.InvalidRequest, NoStrategy(name, known))
        {
            Code = "invalid_wish",
            Param = "strategy",
        };

    /// <summary>A strategy among equals was asked to choose among models.</summary>
    public static GatewayError OrdersEqualsOnly(
        string strategy,
        IEnumerable<string> choosing,
        bool isWish
    ) =>
        new(
            GatewayErrorKind.InvalidRequest,
            $"The strategy '{strategy}' orders equal deployments only, those of a route or of one model, and cannot choose among models. These can: {string.Join(", ", choosing.Order(StringComparer.Ordinal))}."
        )
        {
            Code = isWish ? "invalid_wish" : "invalid_strategy",
            Param = isWish ? "strategy" : "model",
        };

    /// <summary>Who could serve it would cost too much: nobody was asked.</summary>
    public static GatewayError OverBudget(
        string name,
        IReadOnlyList<Catalog.Deployment> tooDear,
        SpendingLimit limit
    )
    {
        var cheapest = tooDear
            .Where(deployment => limit.CostOf(deployment) is not null)
            .MinBy(limit.CostOf);
        var unknown = tooDear.Count(deployment => limit.CostOf(deployment) is null);
        var unpriced = unknown switch
        {
            0 => "",
            1 => " The price of one more is unknown, which is not free.",
            _ => FormattableString.Invariant(
                $" The prices of {unknown} more are unknown, which is not free."
            ),
        };
        return new GatewayError(
            GatewayErrorKind.InvalidRequest,
            cheapest is null
                ? $"Nobody was asked: at most {Figures.Usd(limit.MaxUsd)} may be spent on '{Shown(name)}', and the price of {tooDear[0].PublicName} is unknown, which is not free."
                : $"Nobody was asked: the cheapest that could serve '{Shown(name)}', {cheapest.PublicName}, would cost about {Figures.Usd(limit.CostOf(cheapest))}, and {Figures.Usd(limit.MaxUsd)} may be spent.{unpriced}"
        )
        {
            StatusOverride = 402,
            Code = "budget_exceeded",
        };
    }

    public static GatewayError InactiveChain(string name) =>
        NotFound($"The chain '{name}' is switched off.");

    public static GatewayError NothingConfigured() =>
        new(
            GatewayErrorKind.Unavailable,
            "No provider is configured. Set a key such as OPENAI_API_KEY, start Ollama or LM Studio on this machine, write a dragoman.yaml, or start with --demo to try simulated models."
        )
        {
            Code = "no_provider",
        };

    /// <summary>Every member was left out.</summary>
    public static GatewayError NoneLeft(string name, IReadOnlyList<SkipRecord> excluded) =>
        new(
            GatewayErrorKind.Unavailable,
            excluded.Count == 0
                ? $"Nothing that is configured can serve '{Shown(name)}'."
                : $"Nothing is left to serve '{Shown(name)}': {string.Join("; ", excluded.Take(10).Select(static skip => $"{Shown(skip.Deployment)} ({skip.Reason})"))}."
        )
        {
            Code = "no_deployment",
        };

    private static string NoStrategy(string name, IEnumerable<string> known) =>
        $"There is no strategy '{Shown(name)}'. Known are: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
        + (NearestName.Of(name, known) is { } near ? $" Did you mean '{near}'?" : "");

    /// <summary>A client's own text, kept short.</summary>
    private static string Shown(string name) => name.Length <= 100 ? name : name[..100] + "…";

    private static GatewayError NotFound(string message) =>
        new(GatewayErrorKind.NotFound, message) { Code = NotFoundCode, Param = "model" };
}
