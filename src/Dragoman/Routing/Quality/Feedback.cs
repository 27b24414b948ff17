using Dragoman.Exchanges;

namespace Dragoman.Routing.Quality;

/// <summary>What somebody thinks of an answer.</summary>
public sealed record Feedback
{
    /// <summary>The request that was answered. There is one feedback of each at most: a later one replaces it.</summary>
    public required RequestId Request { get; init; }

    /// <summary>0 is useless, 1 could not be better.</summary>
    public required double Score { get; init; }

    /// <summary>In the words of whoever gave it; it may hold personal things and is never logged.</summary>
    public string? Comment { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>provider/model</c> that answered.</summary>
    public required string Deployment { get; init; }

    /// <summary>One of <see cref="TaskNames.All"/>; null where nobody said or found out.</summary>
    public string? Task { get; init; }
}
