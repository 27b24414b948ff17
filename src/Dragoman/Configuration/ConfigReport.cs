namespace Dragoman.Configuration;

/// <summary>What came of reading the configuration.</summary>
public sealed record ConfigReport
{
    /// <summary>False where mistakes kept it from being used; what ran before runs on.</summary>
    public required bool IsApplied { get; init; }

    /// <summary>The file's full path; null where there is none.</summary>
    public string? File { get; init; }

    /// <summary>Mistakes and warnings, in the order of the file.</summary>
    public required IReadOnlyList<ConfigMistake> Mistakes { get; init; }

    /// <summary>The providers that were found, also those that cannot be called.</summary>
    public required IReadOnlyList<ProviderFinding> Findings { get; init; }
}
