using Dragoman.Access;

namespace Dragoman.Limits.Rates;

/// <summary>How fast those in its scope may ask, each combination of matched values by itself.</summary>
internal sealed class RateLimit
{
    public RateLimit(string name, Scope scope, IReadOnlyList<RateMeter> meters, int? concurrent)
    {
        (Name, Scope, Meters, Concurrent) = (name, scope, meters, concurrent);
        Key = $"{name}|{scope}|{string.Join(',', meters.Select(static meter => meter.Field))}";
    }

    public string Name { get; }
    public Scope Scope { get; }
    public IReadOnlyList<RateMeter> Meters { get; }

    /// <summary>Requests that may run at once; null where any number may.</summary>
    public int? Concurrent { get; }

    /// <summary>What its counters are kept under: a limit of which only numbers change keeps what is counted.</summary>
    public string Key { get; }
}
