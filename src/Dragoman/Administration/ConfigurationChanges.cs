using System.Text.Json;
using Dragoman.Configuration;
using Dragoman.Configuration.Stored;

namespace Dragoman.Administration;

/// <summary>Writes what came of changes down in the shapes of the admin API.</summary>
internal static class ConfigurationChanges
{
    public static ConfigurationChanged Of(ConfigOutcome outcome, bool dryRun) =>
        new()
        {
            Version = outcome.Version,
            DryRun = dryRun,
            Differences = [.. outcome.Differences.Select(Of)],
            Mistakes = [.. outcome.Mistakes.Select(Of)],
        };

    public static ConfigurationDifference Of(ConfigDifference difference) =>
        new()
        {
            Kind = difference.Kind.Name,
            Id = difference.Id,
            Change = difference.Change,
            Fields = difference.Fields,
            Before = Json(difference.Before),
            After = Json(difference.After),
        };

    public static ConfigurationMistake Of(ConfigMistake mistake) =>
        new()
        {
            File = mistake.File,
            Line = mistake.Line > 0 ? mistake.Line : null,
            Path = mistake.Path,
            Message = mistake.Message,
            Suggestion = mistake.Suggestion,
            Warning = mistake.IsWarning,
        };

    public static ConfigurationVersion Of(StoredVersion version) =>
        new()
        {
            Number = version.Number,
            At = version.At,
            By = version.By,
            What = version.What,
            Document = Json(version.Document),
        };

    private static JsonElement? Json(string? text)
    {
        if (text is null)
            return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
