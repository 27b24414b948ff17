using System.CommandLine;
using Dragoman.Catalog;
using Dragoman.Configuration;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman config</c>: what is to be known about the configuration without starting a server.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "The file (default: DRAGOMAN_CONFIG, or dragoman.yaml here)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var check = new Command("check", "Tell every mistake in the configuration") { file };
        check.SetAction(parsed => Check(parsed.GetValue(file)));
        return new Command("config", "Work on the configuration") { check };
    }

    private static int Check(string? file)
    {
        using var snapshots = new GatewaySnapshots(
            new GatewaySources { ConfigFile = file },
            new DeploymentStates(),
            TimeProvider.System
        );
        var report = snapshots.Reload();
        foreach (var mistake in report.Mistakes)
            Console.WriteLine(mistake);
        var mistakes = report.Mistakes.Count(static mistake => !mistake.IsWarning);
        Console.WriteLine(
            $"{report.File ?? "no file, only the environment"}: "
                + (
                    report.IsApplied ? "sound"
                    : mistakes == 1 ? "1 mistake"
                    : $"{mistakes} mistakes"
                )
        );
        return report.IsApplied ? 0 : 1;
    }
}
