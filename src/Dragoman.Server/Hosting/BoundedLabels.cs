using System.Collections.Concurrent;

namespace Dragoman.Server.Hosting;

/// <summary>Keeps label values to a number that a time series database can bear: past it, and for names nobody configured, it is <c>other</c>.</summary>
internal sealed class BoundedLabels(Func<string, bool> isKnown, int capacity = 200)
{
    private readonly ConcurrentDictionary<string, string> _seen = new(StringComparer.Ordinal);

    public string Of(string value)
    {
        if (_seen.TryGetValue(value, out var known))
            return known;
        if (_seen.Count >= capacity || !isKnown(value))
            return "other";
        return _seen.GetOrAdd(value, value);
    }
}
