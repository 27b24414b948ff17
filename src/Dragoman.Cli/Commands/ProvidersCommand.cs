using System.CommandLine;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman providers</c>: those that are configured; <c>providers test</c> asks them, by free calls.</summary>
internal static class ProvidersCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = JsonOption.Create();
        var command = new Command("providers", "List the configured providers") { json };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.OpenAsync(parsed, stop);
                Print(
                    terminal,
                    await link.HealthAsync(now: false, null, stop),
                    parsed.GetValue(json)
                );
                return ExitCodes.Success;
            }
        );
        command.Add(Test(terminal));
        command.Add(ProvidersAddCommand.Create(terminal));
        command.Add(ProvidersAddCommand.Discover(terminal));
        return command;
    }

    private static Command Test(Terminal terminal)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "Only this one",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(_ => ProviderNames.All);
        var json = JsonOption.Create();
        var command = new Command("test", "Ask each provider whether it and its key work; free")
        {
            name,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.OpenAsync(parsed, stop);
                var health = await Waiting.ForAsync(
                    terminal,
                    "Asking the providers …",
                    link.HealthAsync(now: true, parsed.GetValue(name), stop)
                );
                Print(terminal, health, parsed.GetValue(json));
                return health.Counts.Unavailable > 0 || health.Counts.Total == 0
                    ? ExitCodes.Failure
                    : ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, HealthInfo health, bool json)
    {
        if (json)
            terminal.Json(health, HealthJson.Default.HealthInfo);
        else
            HealthSheet.Write(terminal, health);
    }
}
