using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Exchanges;

/// <summary>What happened to an exchange, gathered by its steps and made a usage record at its end.</summary>
public sealed class ExchangeLog
{
    private readonly List<AttemptRecord> _attempts = new(1);
    private List<string>? _changes;
    private CostSum _cost;
    private List<SkipRecord>? _skipped;

    public IReadOnlyList<AttemptRecord> Attempts => _attempts;
    public IReadOnlyList<SkipRecord> Skipped => _skipped ?? (IReadOnlyList<SkipRecord>)[];
    public IReadOnlyList<string> Changes => _changes ?? (IReadOnlyList<string>)[];
    public ExchangeOutcome Outcome { get; set; } = ExchangeOutcome.Failed;
    public int Status { get; set; }
    public GatewayError? Error { get; set; }

    /// <summary><c>provider/model</c> that is asked now, or was asked last.</summary>
    public string? Asking { get; set; }

    /// <summary><c>provider/model</c> that answered.</summary>
    public string? AnsweredBy { get; set; }
    public string? Reason { get; set; }

    /// <summary>All attempts' cost together, not rounded yet: an exchange is rounded once.</summary>
    public CostSum Cost => _cost;
    public TimeSpan? FirstContent { get; set; }

    /// <summary>Time spent waiting for the provider or for the client to take bytes, in <see cref="TimeProvider"/> ticks.</summary>
    public long WaitedTicks { get; set; }

    /// <summary>Notes an attempt and its exact cost, of which the attempt's own record holds the rounded one.</summary>
    public void Add(AttemptRecord attempt, Cost? cost)
    {
        _attempts.Add(attempt);
        _cost.Add(attempt.Usage, cost);
    }

    public void Skip(string deployment, string reason) =>
        (_skipped ??= []).Add(new SkipRecord(deployment, reason));

    public void Change(string what)
    {
        if (_changes is null)
            _changes = [what];
        else if (!_changes.Contains(what, StringComparer.Ordinal) && _changes.Count < 64)
            _changes.Add(what);
    }
}
