using System.CommandLine;
using System.Text.Json.Serialization;
using Dragoman.Catalog;
using Dragoman.Cli.Terminals;
using Dragoman.Configuration;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman config</c>: what is to be known about the configuration without starting a server.</summary>
internal static class ConfigCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "The file (default: DRAGOMAN_CONFIG, or dragoman.yaml here)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var config = new Option<string?>("--config")
        {
            Description = "The file, said as `dragoman serve` has it",
            HelpName = "FILE",
        };
        var json = JsonOption.Create();
        var check = new Command("check", "Tell every mistake in the configuration")
        {
            file,
            config,
            json,
        };
        check.Validators.Add(result =>
        {
            if (result.GetValue(file) is not null && result.GetValue(config) is not null)
                result.AddError("name the file once: either FILE or --config FILE");
        });
        check.Does(
            terminal,
            (parsed, _) =>
            {
                var report = Read(terminal, parsed.GetValue(file) ?? parsed.GetValue(config));
                if (parsed.GetValue(json))
                    terminal.Json(ConfigCheckInfo.Of(report), ConfigJson.Default.ConfigCheckInfo);
                else
                    Print(terminal, report);
                return Task.FromResult(report.IsApplied ? ExitCodes.Success : ExitCodes.Failure);
            }
        );
        var command = new Command("config", "Work on the configuration") { check };
        foreach (var verb in ConfigServerCommands.All(terminal))
            command.Add(verb);
        return command;
    }

    private static ConfigReport Read(Terminal terminal, string? file)
    {
        using var snapshots = new GatewaySnapshots(
            new GatewaySources { ConfigFile = file, Environment = terminal.Environment },
            new DeploymentStates(),
            TimeProvider.System
        );
        return snapshots.Reload();
    }

    private static void Print(Terminal terminal, ConfigReport report)
    {
        foreach (var mistake in report.Mistakes)
            terminal.Line(mistake.ToString(), mistake.IsWarning ? Tone.Doubtful : Tone.Bad);
        var mistakes = report.Mistakes.Count(static mistake => !mistake.IsWarning);
        var warnings = report.Mistakes.Count - mistakes;
        terminal.Line(
            $"{report.File ?? "no file, only the environment"}: "
                + (
                    !report.IsApplied ? Count(mistakes, "mistake")
                    : warnings == 0 ? "sound"
                    : $"sound, with {Count(warnings, "warning")}"
                ),
            report.IsApplied ? Tone.Good : Tone.Bad
        );
    }

    private static string Count(int count, string what) =>
        count == 1 ? $"1 {what}" : $"{count} {what}s";
}

/// <summary>What <c>config check --json</c> prints.</summary>
internal sealed record ConfigCheckInfo
{
    /// <summary>Full path; null where there is no file.</summary>
    public required string? File { get; init; }
    public required bool Sound { get; init; }
    public required IReadOnlyList<ConfigMistakeInfo> Mistakes { get; init; }
    public required IReadOnlyList<ProviderFindingInfo> Providers { get; init; }

    public static ConfigCheckInfo Of(ConfigReport report) =>
        new()
        {
            File = report.File,
            Sound = report.IsApplied,
            Mistakes =
            [
                .. report.Mistakes.Select(static mistake => new ConfigMistakeInfo(
                    mistake.File,
                    mistake.Line > 0 ? mistake.Line : null,
                    mistake.Path,
                    mistake.Message,
                    mistake.Suggestion,
                    mistake.IsWarning
                )),
            ],
            Providers =
            [
                .. report.Findings.Select(static finding => new ProviderFindingInfo(
                    finding.Provider,
                    finding.Source,
                    finding.IsUsable,
                    finding.Note
                )),
            ],
        };
}

/// <summary>One thing wrong.</summary>
internal sealed record ConfigMistakeInfo(
    string File,
    int? Line,
    string Path,
    string Message,
    string? Suggestion,
    bool Warning
);

/// <summary>A provider that was found.</summary>
internal sealed record ProviderFindingInfo(
    string Provider,
    string Source,
    bool Usable,
    string? Note
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConfigCheckInfo))]
internal sealed partial class ConfigJson : JsonSerializerContext;
