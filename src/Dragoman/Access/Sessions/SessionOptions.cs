namespace Dragoman.Access.Sessions;

/// <summary>How long sessions last.</summary>
internal sealed record SessionOptions
{
    /// <summary>One that was not used for so long has ended.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(2);

    /// <summary>One ends so long after it was opened, used or not.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Of one caller; with another, the one unused for longest ends.</summary>
    public int MostOfOne { get; init; } = 20;
}
