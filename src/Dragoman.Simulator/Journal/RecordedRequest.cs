using Microsoft.AspNetCore.WebUtilities;

namespace Dragoman.Simulator.Journal;

/// <summary>One request as the simulated provider saw it.</summary>
public sealed class RecordedRequest
{
    private static readonly string[] KeyHeaders = ["x-api-key", "x-goog-api-key", "api-key"];

    internal RecordedRequest(string method, string path, DateTimeOffset at)
    {
        Method = method;
        Path = path;
        At = at;
    }

    /// <summary>When it came.</summary>
    public DateTimeOffset At { get; }
    public string Method { get; }

    /// <summary>The path with its query.</summary>
    public string Path { get; }

    /// <summary>The headers; names are compared without case, several values are joined with commas.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; internal init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body, of which the first megabyte is kept.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>The body's whole length in bytes.</summary>
    public int BodyLength { get; internal set; }

    /// <summary>The bare model name asked for; empty where none was.</summary>
    public string Model { get; internal set; } = "";

    /// <summary>The fault that was played; null where the answer was sound.</summary>
    public string? Fault { get; internal set; }

    /// <summary>The status that was sent; 0 while there is none.</summary>
    public int Status { get; internal set; }

    /// <summary>When the reply was sent to its end; null where it was not (yet).</summary>
    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>When the client was seen to go away before the end; null where it stayed.</summary>
    public DateTimeOffset? AbortedAt { get; internal set; }

    /// <summary>The dialect its address belongs to.</summary>
    public SimulatedDialect Dialect { get; internal set; }

    /// <summary>
    /// The key that came as a bearer token, in a header of the dialects (<c>x-api-key</c>, <c>x-goog-api-key</c>, <c>api-key</c>)
    /// or as Gemini's <c>?key=</c>; null where none did.
    /// </summary>
    public string? ApiKey
    {
        get
        {
            if (
                Headers.TryGetValue("Authorization", out var value)
                && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            )
                return value[7..];
            foreach (var name in KeyHeaders)
            {
                if (Headers.TryGetValue(name, out value))
                    return value;
            }
            var query = Path.IndexOf('?', StringComparison.Ordinal);
            return query < 0 ? null
                : QueryHelpers.ParseQuery(Path[query..]).TryGetValue("key", out var keys) ? keys[0]
                : null;
        }
    }

    /// <summary>The body as text.</summary>
    public string BodyText => System.Text.Encoding.UTF8.GetString(Body.Span);
}
