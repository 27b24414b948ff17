using System.Collections.Concurrent;
using System.Globalization;

namespace Dragoman.Simulator.Dialects.Vertex;

/// <summary>The tokens that were handed out, and how long they are good for.</summary>
internal sealed class AccessTokens
{
    private const string Prefix = "ya29.simulated-";
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ends = new(
        StringComparer.Ordinal
    );
    private int _count;

    public static bool IsOurs(string token) => token.StartsWith(Prefix, StringComparison.Ordinal);

    public string HandOut(DateTimeOffset until)
    {
        if (_ends.Count >= Most)
            _ends.Clear();
        var number = Interlocked.Increment(ref _count);
        var token = Prefix + number.ToString(CultureInfo.InvariantCulture);
        _ends[token] = until;
        return token;
    }

    public bool IsValid(string token, DateTimeOffset now) =>
        _ends.TryGetValue(token, out var end) && now < end;

    /// <summary>From now on none of them is good.</summary>
    public void Revoke() => _ends.Clear();
}
