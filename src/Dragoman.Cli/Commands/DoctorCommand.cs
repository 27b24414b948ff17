using System.CommandLine;
using Dragoman.Cli.Doctoring;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman doctor</c>: what is set up, what is missing, what to do; 1 where something is broken.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var config = new Option<string?>("--config")
        {
            Description =
                "The configuration file (default: DRAGOMAN_CONFIG, or dragoman.yaml here)",
            HelpName = "FILE",
        };
        var json = JsonOption.Create();
        var command = new Command("doctor", "Check what is set up, and tell what to do")
        {
            config,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var doctor = new Doctor(
                    terminal.Environment,
                    parsed.GetValue(config),
                    connection.Address(parsed)
                );
                var findings = await Waiting.ForAsync(
                    terminal,
                    "Looking at everything …",
                    doctor.RunAsync(stop)
                );
                var isOk = !findings.Any(static finding => finding.Mark is Mark.Error);
                if (parsed.GetValue(json))
                    terminal.Json(
                        new DoctorReport(isOk, findings),
                        DoctorJson.Default.DoctorReport
                    );
                else
                    Print(terminal, findings);
                return isOk ? ExitCodes.Success : ExitCodes.Failure;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var (sign, tone) = finding.Mark switch
            {
                Mark.Ok => ("✓", Tone.Good),
                Mark.Note => ("·", Tone.Dim),
                Mark.Warning => ("!", Tone.Doubtful),
                _ => ("✗", Tone.Bad),
            };
            terminal.Marked(sign, tone, $"{finding.Check}: {finding.Message}");
            if (finding.Remedy is { } remedy)
                terminal.Marked(" ", Tone.Dim, remedy);
        }
        var (errors, warnings) = (
            findings.Count(static finding => finding.Mark is Mark.Error),
            findings.Count(static finding => finding.Mark is Mark.Warning)
        );
        terminal.Remark(
            errors > 0 ? $"{errors} to mend" + (warnings > 0 ? $", {warnings} to look at" : "")
            : warnings > 0 ? $"It works; {warnings} to look at"
            : "All is well"
        );
    }
}
