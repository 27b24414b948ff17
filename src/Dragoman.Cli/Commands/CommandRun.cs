using System.CommandLine;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary>Runs a command's work: Ctrl-C ends it, and what goes wrong becomes two lines and an exit code.</summary>
internal static class CommandRun
{
    public static void Does(
        this Command command,
        Terminal terminal,
        Func<ParseResult, CancellationToken, Task<int>> work
    ) => command.DoesWith(terminal, (parsed, interrupt) => work(parsed, interrupt.Stop));

    /// <summary>The same for work that has its own use for Ctrl-C.</summary>
    public static void DoesWith(
        this Command command,
        Terminal terminal,
        Func<ParseResult, Interrupt, Task<int>> work
    ) => command.SetAction(parsed => RunAsync(terminal, parsed, work));

    private static async Task<int> RunAsync(
        Terminal terminal,
        ParseResult parsed,
        Func<ParseResult, Interrupt, Task<int>> work
    )
    {
        using var interrupt = new Interrupt();
        try
        {
            return await work(parsed, interrupt);
        }
        catch (OperationCanceledException) when (interrupt.Stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (CommandErrors.Tell(terminal, failure) is { } code)
        {
            return code;
        }
    }
}
