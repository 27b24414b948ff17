namespace Dragoman.Server.Hosting;

/// <summary>Whether new work should be sent here, and if not, why.</summary>
internal sealed class Readiness
{
    private volatile bool _started;
    private volatile bool _draining;

    public void Started() => _started = true;

    public void Draining() => _draining = true;

    /// <summary>Adds a reason while a part of the server cannot do its work; it is asked at each probe.</summary>
    public Func<string?> LedgerTrouble { get; set; } = static () => null;

    /// <summary>Empty when ready.</summary>
    public IReadOnlyList<string> Reasons()
    {
        var reasons = new List<string>();
        if (!_started)
            reasons.Add("starting");
        if (_draining)
            reasons.Add("draining: the server was told to stop");
        if (LedgerTrouble() is { } trouble)
            reasons.Add(trouble);
        return reasons;
    }
}
