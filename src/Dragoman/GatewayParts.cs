using Dragoman.Configuration;
using Dragoman.Conversations;
using Dragoman.Limits.Budgets;
using Dragoman.Providers;
using Dragoman.Routing.Quality;
using Dragoman.Usage;
using Dragoman.Usage.Bodies;
using Microsoft.Extensions.Logging;

namespace Dragoman;

/// <summary>What a gateway is made with. The stores stay their maker's: the gateway does not dispose of them.</summary>
internal sealed record GatewayParts
{
    public required GatewaySources Sources { get; init; }
    public required IUsageStore Usage { get; init; }
    public required IResponseStore Responses { get; init; }
    public IFeedbackStore Feedback { get; init; } = new InMemoryFeedbackStore();
    public IBudgetStore Budgets { get; init; } = new NoBudgetStore();

    /// <summary>Keeps prompts and answers; null keeps none, whatever configuration says.</summary>
    public BodyKeeper? Bodies { get; init; }
    public required ILoggerFactory Logs { get; init; }

    /// <summary>What every connection goes through.</summary>
    public HouseDoor Door { get; init; } = new();
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public Random Random { get; init; } = Random.Shared;
}
