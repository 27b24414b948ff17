using System.CommandLine;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman health</c>: how the providers are; 1 where none of them can be called.</summary>
internal static class HealthCommand
{
    public static Command Create(Terminal terminal)
    {
        var now = new Option<bool>("--now")
        {
            Description = "Ask each of them first, by a call that is free",
        };
        var json = JsonOption.Create();
        var command = new Command("health", "How the providers are") { now, json };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.OpenAsync(parsed, stop);
                // What was just made in this process knows nothing yet.
                var health = await Waiting.ForAsync(
                    terminal,
                    "Asking the providers …",
                    link.HealthAsync(parsed.GetValue(now) || link is ProcessLink, null, stop)
                );
                if (parsed.GetValue(json))
                    terminal.Json(health, HealthJson.Default.HealthInfo);
                else
                    Print(terminal, health);
                return health.Status == "down" ? ExitCodes.Failure : ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, HealthInfo health)
    {
        if (terminal.IsOutShown)
            terminal.Line(
                $"{health.Status}: {health.Counts.Available} of {health.Counts.Total} available"
                    + (health.Counts.Unknown > 0 ? $", {health.Counts.Unknown} unknown" : "")
                    + (health.LocalOnly ? " (offline mode)" : ""),
                health.Status switch
                {
                    "ok" => Tone.Good,
                    "down" => Tone.Bad,
                    _ => Tone.Doubtful,
                }
            );
        HealthSheet.Write(terminal, health);
    }
}
