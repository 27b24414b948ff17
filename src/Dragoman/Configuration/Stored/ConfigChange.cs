using Dragoman.Canonical;

namespace Dragoman.Configuration.Stored;

/// <summary>One entry that is to be put or taken away.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">What it is called.</param>
/// <param name="Json">What it is to be; null takes it away.</param>
/// <param name="Mark">The mark that it must still have: null where it must not be there yet; tells what is wrong. No function, no condition.</param>
internal sealed record ConfigChange(
    ConfigKind Kind,
    string Id,
    string? Json,
    Func<ConfigThing?, GatewayError?>? Mark = null
);

/// <summary>What came of a change.</summary>
internal sealed record ConfigOutcome
{
    /// <summary>Why nothing was done; null where it was, or would have been.</summary>
    public GatewayError? Error { get; init; }

    /// <summary>Everything that is wrong, or worth a warning.</summary>
    public IReadOnlyList<ConfigMistake> Mistakes { get; init; } = [];

    /// <summary>What is different now, or would be.</summary>
    public IReadOnlyList<ConfigDifference> Differences { get; init; } = [];

    /// <summary>The number of the newest version.</summary>
    public long Version { get; init; }
}
