using Dragoman.Administration;
using Dragoman.Native;
using Dragoman.Routing;
using Dragoman.Routing.Balancing;
using Dragoman.Routing.Decisions;
using Dragoman.Usage;

namespace Dragoman;

/// <content>What would have been: recorded decisions under other circumstances.</content>
public sealed partial class Gateway
{
    /// <summary>Records are read and let go in such pages: a decision weighs some kilobytes.</summary>
    private const int SimulationPage = 250;

    /// <summary>Makes the last decisions again under other circumstances, and tells what that would change. Nobody is called.</summary>
    /// <param name="change">Another strategy, other weights or prices, models left out.</param>
    /// <param name="last">So many of the newest requests are looked at, up to 10,000.</param>
    /// <param name="since">None that began before; null is without bound.</param>
    /// <param name="rules">A list of rules in the language of <c>dragoman.yaml</c> (YAML or JSON), in place of the present ones; null leaves these.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="GatewayException">Something of it is wrong: the field is named.</exception>
    public Task<RoutingSimulation> SimulateRoutingAsync(
        DecisionChange change,
        int last = SimulationQuery.UsualLast,
        DateTimeOffset? since = null,
        string? rules = null,
        CancellationToken cancellationToken = default
    )
    {
        if (last is < 1 or > SimulationQuery.MostLast)
            throw GatewayRequest.Wrong(
                "last",
                $"'last' must be a whole number from 1 to {SimulationQuery.MostLast}."
            );
        return SimulateRoutingAsync(
            new SimulationQuery(change, last, since, rules),
            cancellationToken
        );
    }

    internal async Task<RoutingSimulation> SimulateRoutingAsync(
        SimulationQuery query,
        CancellationToken cancellationToken
    )
    {
        // All of it is looked at with the names and rules of one moment.
        var names = Snapshots.Current.Names;
        Check(query.Change, names.Table.Strategies);
        var simulator = new DecisionSimulator(
            names,
            query.Change,
            query.Rules is null ? null : SimulatedRules.Read(query.Rules, names)
        );
        await LatestRecords.StoredAsync(Ledger, cancellationToken);
        var page = new UsageQuery { Since = query.Since };
        for (var left = query.Last; left > 0; )
        {
            page = page with { Limit = Math.Min(left, SimulationPage) };
            var records = await UsageStore.ListAsync(page, cancellationToken);
            foreach (var record in records)
                simulator.Take(record);
            if (records.Count < page.Limit)
                break;
            left -= records.Count;
            page = page with { Before = records[^1].Id };
            cancellationToken.ThrowIfCancellationRequested();
        }
        return simulator.Report();
    }

    private static void Check(DecisionChange change, RoutingStrategies strategies)
    {
        if (change.Strategy is not { } name)
            return;
        var strategy = strategies.Find(name);
        if (strategy is null or BalancingStrategy)
            throw GatewayRequest.Wrong(
                "changes.strategy",
                $"'changes.strategy' must be one of: {string.Join(", ", strategies.Choosing)}."
            );
        if (change.Weights is not null && strategy.Weights is null)
            throw GatewayRequest.Wrong(
                "changes.weights",
                $"The strategy '{name}' weighs nothing: 'changes.weights' are for balanced and local_first."
            );
    }
}
