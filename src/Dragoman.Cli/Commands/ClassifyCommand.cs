using System.CommandLine;
using System.Globalization;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman classify</c>: what a prompt asks for, and how hard it looks.</summary>
internal static class ClassifyCommand
{
    private const int BarWidth = 24;

    public static Command Create(Terminal terminal)
    {
        var words = PromptArgument.Create();
        var system = new Option<string?>("--system", "-s")
        {
            Description = "What stands before everything, for the model to keep to",
            HelpName = "S",
        };
        var files = PromptArgument.Files();
        var json = JsonOption.Create();
        var command = new Command(
            "classify",
            "Tell a prompt's task and difficulty; no model is asked"
        )
        {
            words,
            system,
            files,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var messages = await PromptArgument.ReadAsync(terminal, parsed, words, files, stop);
                await using var link = await connection.OpenAsync(parsed, stop);
                var read = await link.ClassifyAsync(
                    messages,
                    new CompletionOptions { SystemPrompt = parsed.GetValue(system) },
                    stop
                );
                if (parsed.GetValue(json))
                    terminal.Json(read, ClassificationJson.Default.ClassificationInfo);
                else
                    Print(terminal, read);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, ClassificationInfo read)
    {
        terminal.Fact(
            "Task",
            read.Abstained
                ? $"{read.Task} (nothing tells one task from another)"
                : $"{read.Task} ({Share(read.Confidence)} sure)"
        );
        terminal.Fact("Difficulty", read.Difficulty.ToString("0.00", CultureInfo.InvariantCulture));
        terminal.Fact("Language", read.Signals.Language);
        terminal.Fact("Tokens", "about " + Figures.Count(read.Signals.EstimatedTokens));
        terminal.Fact("Signals", string.Join(", ", Signals(read.Signals)));
        terminal.Out.WriteLine();
        var sheet = new Sheet(
            new Column("TASK"),
            new Column("LIKELY", IsRight: true),
            new Column("", Spare: 1)
        );
        foreach (var (task, score) in read.Scores.OrderByDescending(static one => one.Value))
        {
            Cell[] cells =
            [
                new Cell(task, task == read.Task ? Tone.Strong : Tone.Plain),
                Share(score),
                new Cell(Bar(score), task == read.Task ? Tone.Good : Tone.Plain),
            ];
            sheet.Add(cells);
        }
        sheet.Write(terminal);
    }

    private static IEnumerable<string> Signals(PromptSignalsInfo signals)
    {
        if (signals.ContainsCode)
            yield return "code";
        if (signals.ContainsMath)
            yield return "math";
        if (signals.AsksForJson)
            yield return "asks for JSON";
        if (signals.HasImages)
            yield return "images";
        if (signals.HasTools)
            yield return "tools";
        if (signals.MultiTurn)
            yield return "several turns";
    }

    private static string Share(double share) =>
        (100 * share).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static string Bar(double share) => new('█', (int)Math.Round(share * BarWidth));
}
