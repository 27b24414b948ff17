using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>What bears on the choice of who answers: what was asked for, the client's wishes, and how much it asks.</summary>
internal sealed class RoutedRequest
{
    private CostEstimate? _estimate;

    /// <summary>The name that was asked for.</summary>
    public required string Name { get; init; }
    public required Operation Operation { get; init; }
    public required Wishes Wishes { get; init; }

    /// <summary>Prices are those of this day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The request itself; null where a decision is made for any of that name.</summary>
    public Exchange? Exchange { get; init; }

    public RequestNeeds Needs { get; init; }

    /// <summary>The task that the client named; null where it named none.</summary>
    public string? Task => Wishes.TaskType is { } word ? TaskNames.Find(word) : null;

    /// <summary>What the request is thought to cost: closely where money is limited, else well enough to compare.</summary>
    public CostEstimate Estimate => _estimate ??= new CostEstimate(Size(), Operation, Day);

    /// <summary>The limit of money, where the client gave one and a request is at hand that could keep or break it.</summary>
    public SpendingLimit? Limit =>
        Wishes.MaxCostUsd is { } most && Exchange is not null && Operation != Operation.CountTokens
            ? new SpendingLimit(most, Estimate)
            : null;

    public static RoutedRequest Of(Exchange exchange) =>
        new()
        {
            Name = exchange.Envelope.Model,
            Operation = exchange.Operation,
            Wishes = exchange.Wishes,
            Day = DateOnly.FromDateTime(exchange.StartedAt.UtcDateTime),
            Exchange = exchange,
            Needs = exchange.Envelope.Needs,
        };

    /// <summary>A deployment with the facts that bear on this request.</summary>
    public Candidate Candidate(Catalog.Deployment deployment) =>
        CandidateFacts.Of(deployment, Estimate, Task, Needs);

    private RequestSize Size() =>
        Exchange is null ? RequestSize.Usual
        : Wishes.MaxCostUsd is null ? RequestSize.Roughly(Exchange.Envelope)
        : RequestSize.Closely(Exchange.Envelope, Exchange.Dialect, Exchange.Body);
}
