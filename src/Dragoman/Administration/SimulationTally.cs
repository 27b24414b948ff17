using Dragoman.Routing.Decisions;

namespace Dragoman.Administration;

/// <summary>Adds up what a change makes of requests: only those of which both sides are known can be compared.</summary>
internal sealed class SimulationTally
{
    private readonly Means _latency = new();
    private readonly Means _quality = new();
    private decimal _before;
    private decimal _after;
    private int _priced;

    public int Replayed { get; private set; }
    public int Changed { get; private set; }

    public SimulatedCost Cost =>
        _priced == 0
            ? new(null, null, null, Replayed)
            : new(Short(_before), Short(_after), Short(_after - _before), Replayed - _priced);

    /// <summary>Sums keep the zeros of what was added; dividing by a long one drops them.</summary>
    private static decimal Short(decimal usd) => usd / 1.0000000000000000000000000000m;

    public SimulatedMeans LatencyMs => _latency.Of(Replayed);
    public SimulatedMeans Quality => _quality.Of(Replayed);

    public void Add(SimulatedChoice before, SimulatedChoice? after)
    {
        Replayed++;
        if (before.Model != after?.Model)
            Changed++;
        if (before.Facts?.CostUsd is { } was && after?.Facts?.CostUsd is { } would)
        {
            _priced++;
            _before += was;
            _after += would;
        }
        _latency.Add(before.Facts?.LatencyMs, after?.Facts?.LatencyMs);
        _quality.Add(before.Facts?.Quality, after?.Facts?.Quality);
    }

    private sealed class Means
    {
        private double _before;
        private double _after;
        private int _known;

        public void Add(double? before, double? after)
        {
            if (before is not { } was || after is not { } would)
                return;
            _known++;
            _before += was;
            _after += would;
        }

        public SimulatedMeans Of(int all) =>
            _known == 0
                ? new(null, null, all)
                : new(
                    Math.Round(_before / _known, 2),
                    Math.Round(_after / _known, 2),
                    all - _known
                );
    }
}

/// <summary>Who is asked first, with the facts that this is weighed by; null where nobody knows any.</summary>
internal sealed record SimulatedChoice(string Model, CandidateRecord? Facts);
