using Dragoman.Configuration;

namespace Dragoman.Cli.Doctoring;

/// <summary>Whether a file was found, and every mistake in it.</summary>
internal static class ConfigurationCheck
{
    private const string Name = "configuration";

    public static IEnumerable<Finding> Run(ConfigReport report)
    {
        var mistakes = report.Mistakes.Count(static mistake => !mistake.IsWarning);
        if (mistakes == 0)
            yield return report.File is { } file
                ? Finding.Ok(Name, $"{file} is sound")
                : Finding.Note(
                    Name,
                    "no dragoman.yaml here: the environment's keys and local servers count"
                );
        foreach (var mistake in report.Mistakes)
            yield return mistake.IsWarning
                ? Finding.Warning(
                    Name,
                    mistake.ToString(),
                    "Look at that line; it is used all the same."
                )
                : Finding.Error(
                    Name,
                    mistake.ToString(),
                    "Mend that line, then: dragoman config check"
                );
    }
}
