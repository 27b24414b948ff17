namespace Dragoman.Server.Hosting;

/// <summary>Whether new work should be sent here, and if not, why.</summary>
/// <param name="ledgerTrouble">The reason not to be ready while records cannot be stored; null else.</param>
internal sealed class Readiness(Func<string?> ledgerTrouble)
{
    private volatile bool _started;
    private volatile bool _draining;

    public void Started() => _started = true;

    public void Draining() => _draining = true;

    /// <summary>Empty when ready.</summary>
    public IReadOnlyList<string> Reasons()
    {
        var reasons = new List<string>();
        if (!_started)
            reasons.Add("starting");
        if (_draining)
            reasons.Add("draining: the server was told to stop");
        if (ledgerTrouble() is { } trouble)
            reasons.Add(trouble);
        return reasons;
    }
}
