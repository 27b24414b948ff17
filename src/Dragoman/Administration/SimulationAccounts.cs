using Dragoman.Usage;

namespace Dragoman.Administration;

/// <summary>What a simulation found so far, request by request.</summary>
internal sealed class SimulationAccounts
{
    private const int MostExamples = 20;

    private readonly SimulationTally _all = new();
    private readonly Dictionary<string, SimulationTally> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Before, int After)> _models = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, int> _skipped = new(StringComparer.Ordinal);
    private readonly List<SimulatedRequest> _examples = [];
    private int _unanswered;

    public void Add(
        UsageRecord record,
        string? task,
        SimulatedChoice before,
        SimulatedChoice? after,
        string reason
    )
    {
        _all.Add(before, after);
        if (!_tasks.TryGetValue(task ?? "", out var tally))
            _tasks[task ?? ""] = tally = new SimulationTally();
        tally.Add(before, after);
        Count(before.Model, 1, 0);
        if (after is null)
            _unanswered++;
        else
            Count(after.Model, 0, 1);
        if (after?.Model != before.Model && _examples.Count < MostExamples)
            _examples.Add(
                new SimulatedRequest
                {
                    RequestId = record.Id.ToString(null, null),
                    Task = task,
                    Before = before.Model,
                    After = after?.Model,
                    CostBefore = before.Facts?.CostUsd,
                    CostAfter = after?.Facts?.CostUsd,
                    Reason = reason,
                }
            );
    }

    private void Count(string model, int before, int after)
    {
        var known = _models.GetValueOrDefault(model);
        _models[model] = (known.Before + before, known.After + after);
    }

    public void Skip(string reason) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;

    public RoutingSimulation Report(
        IReadOnlyList<SimulatedRule> rules,
        IReadOnlyList<string> withoutEffect
    ) =>
        new()
        {
            Replayed = _all.Replayed,
            NotReplayable =
            [
                .. _skipped
                    .OrderByDescending(static one => one.Value)
                    .ThenBy(static one => one.Key, StringComparer.Ordinal)
                    .Select(static one => new NotReplayable(one.Key, one.Value)),
            ],
            Changed = _all.Changed,
            Unanswered = _unanswered,
            Cost = _all.Cost,
            LatencyMs = _all.LatencyMs,
            Quality = _all.Quality,
            Models =
            [
                .. _models
                    .OrderByDescending(static one => one.Value.After)
                    .ThenByDescending(static one => one.Value.Before)
                    .ThenBy(static one => one.Key, StringComparer.Ordinal)
                    .Select(static one => new SimulatedModel(
                        one.Key,
                        one.Value.Before,
                        one.Value.After
                    )),
            ],
            ByTask =
            [
                .. _tasks
                    .OrderByDescending(static one => one.Value.Replayed)
                    .ThenBy(static one => one.Key, StringComparer.Ordinal)
                    .Select(static one => new SimulatedTask
                    {
                        Task = one.Key.Length == 0 ? null : one.Key,
                        Replayed = one.Value.Replayed,
                        Changed = one.Value.Changed,
                        Cost = one.Value.Cost,
                        LatencyMs = one.Value.LatencyMs,
                        Quality = one.Value.Quality,
                    }),
            ],
            Rules = rules,
            WithoutEffect = withoutEffect,
            Examples = _examples,
        };
}
