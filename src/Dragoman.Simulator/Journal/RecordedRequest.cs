namespace Dragoman.Simulator.Journal;

/// <summary>One request as the simulated provider saw it.</summary>
public sealed class RecordedRequest
{
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

    /// <summary>The key that came as a bearer token; null where none did.</summary>
    public string? ApiKey =>
        Headers.TryGetValue("Authorization", out var value)
        && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value[7..]
            : null;

    /// <summary>The body as text.</summary>
    public string BodyText => System.Text.Encoding.UTF8.GetString(Body.Span);
}
