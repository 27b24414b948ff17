using System.CommandLine;
using System.Globalization;
using Dragoman.Administration;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman config export|import|versions|diff|rollback</c>: what a server stores beside its file.</summary>
internal static class ConfigServerCommands
{
    public static IEnumerable<Command> All(Terminal terminal) =>
        [
            Export(terminal),
            Import(terminal),
            Versions(terminal),
            Diff(terminal),
            RollBack(terminal),
        ];

    private static Command Export(Terminal terminal)
    {
        var all = new Option<bool>("--all")
        {
            Description = "Also what the server's file declares",
        };
        var command = new Command("export", "What a server stores, as YAML") { all };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                using var client = connection.Admin(parsed);
                await terminal.Out.WriteAsync(await client.ExportAsync(parsed.GetValue(all), stop));
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Command Import(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "YAML or JSON in the shape of dragoman.yaml; - reads the standard input",
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Only tell what would change, and what is wrong",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Take away what is stored and not in the file",
        };
        var json = JsonOption.Create();
        var command = new Command("import", "Let a server store what a file says")
        {
            file,
            dryRun,
            replace,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var path = parsed.GetValue(file)!;
                var text =
                    path == "-"
                        ? await terminal.In.ReadToEndAsync(stop)
                        : await File.ReadAllTextAsync(path, stop);
                using var client = connection.Admin(parsed);
                var changed = await client.ImportAsync(
                    text,
                    parsed.GetValue(dryRun),
                    parsed.GetValue(replace),
                    stop
                );
                return Tell(terminal, changed, parsed.GetValue(json));
            }
        );
        return command;
    }

    private static Command Versions(Terminal terminal)
    {
        var json = JsonOption.Create();
        var command = new Command("versions", "Versions of what a server stores") { json };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                using var client = connection.Admin(parsed);
                var versions = new List<ConfigurationVersion>();
                await foreach (var version in client.VersionsAsync(stop))
                    versions.Add(version);
                if (parsed.GetValue(json))
                {
                    terminal.Json(
                        new AdminList<ConfigurationVersion>(versions, null),
                        ConfigurationJson.Readable.AdminListConfigurationVersion
                    );
                    return ExitCodes.Success;
                }
                var sheet = new Sheet(
                    new Column("VERSION", IsRight: true),
                    new Column("AT"),
                    new Column("BY"),
                    new Column("WHAT")
                );
                foreach (var version in versions)
                    sheet.Add(
                        version.Number.ToString(CultureInfo.InvariantCulture),
                        version
                            .At.ToLocalTime()
                            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                        version.By,
                        version.What
                    );
                sheet.Write(terminal);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Command Diff(Terminal terminal)
    {
        var number = NumberOf("VERSION", "The version to look at");
        var against = new Option<long?>("--against")
        {
            Description = "The one to compare with (default: the one before it)",
            HelpName = "VERSION",
        };
        var json = JsonOption.Create();
        var command = new Command("diff", "What is different between two versions")
        {
            number,
            against,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                using var client = connection.Admin(parsed);
                var version = parsed.GetValue(number);
                var compared = await client.CompareVersionsAsync(
                    version,
                    parsed.GetValue(against) ?? Math.Max(0, version - 1),
                    stop
                );
                if (parsed.GetValue(json))
                    terminal.Json(compared, ConfigurationJson.Readable.ConfigurationComparison);
                else
                    foreach (var difference in compared.Differences)
                        Print(terminal, difference);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Command RollBack(Terminal terminal)
    {
        var number = NumberOf("VERSION", "The version to go back to; 0 stores nothing");
        var json = JsonOption.Create();
        var command = new Command("rollback", "Make what a server stores what it was")
        {
            number,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                using var client = connection.Admin(parsed);
                return Tell(
                    terminal,
                    await client.RollBackAsync(parsed.GetValue(number), stop),
                    parsed.GetValue(json)
                );
            }
        );
        return command;
    }

    /// <summary>Says what came of a change; a trial that finds mistakes has failed.</summary>
    public static int Tell(Terminal terminal, ConfigurationChanged changed, bool json)
    {
        var isWrong = changed.Mistakes.Any(static mistake => !mistake.Warning);
        if (json)
            terminal.Json(changed, ConfigurationJson.Readable.ConfigurationChanged);
        else
        {
            foreach (var difference in changed.Differences)
                Print(terminal, difference);
            foreach (var mistake in changed.Mistakes)
                terminal.Line(
                    $"{mistake.File}: {mistake.Path}: {mistake.Message}",
                    mistake.Warning ? Tone.Doubtful : Tone.Bad
                );
            terminal.Line(
                isWrong ? "It cannot be stored as it is."
                    : changed.Differences.Count == 0 ? "Nothing is different."
                    : changed.DryRun ? "Nothing was done: that would be different."
                    : $"Stored as version {changed.Version}.",
                isWrong ? Tone.Bad : Tone.Good
            );
        }
        return isWrong ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static void Print(Terminal terminal, ConfigurationDifference difference) =>
        terminal.Line(
            $"{difference.Change, -7} {difference.Kind} {difference.Id}"
                + (
                    difference.Change == "changed"
                        ? $" ({string.Join(", ", difference.Fields)})"
                        : ""
                )
        );

    private static Argument<long> NumberOf(string name, string description) =>
        new(name) { Description = description };
}
