using System.CommandLine;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary>
/// <c>dragoman complete LINE</c>, which the scripts of <c>dragoman completion</c> call: what may follow, a word a line and behind a
/// tab what it does. Asks nobody.
/// </summary>
internal static class CompleteCommand
{
    public static Command Create(Terminal terminal, Command dragoman)
    {
        var line = new Argument<string>("LINE")
        {
            Description = "The line up to the cursor, from the command's name on",
        };
        var command = new Command("complete", "What may follow on a command line") { line };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (var (word, does) in Following(dragoman, parsed.GetValue(line) ?? ""))
                terminal.Out.WriteLine(does.Length == 0 ? word : $"{word}\t{does}");
            return ExitCodes.Success;
        });
        return command;
    }

    public static IEnumerable<(string Word, string Does)> Following(Command dragoman, string line)
    {
        var typed = line.TrimStart();
        var name = typed.IndexOf(' ', StringComparison.Ordinal);
        if (name < 0)
            return [];
        // Whatever the command is called there: a path, an alias.
        var rest = typed[(name + 1)..];
        var begun = rest[(rest.LastIndexOf(' ') + 1)..];
        return dragoman
            .Parse(rest)
            .GetCompletions(rest.Length)
            .Where(item => item.Label.StartsWith(begun, StringComparison.Ordinal))
            // Short names and other names need no completion.
            .Where(item =>
                item.Label.StartsWith("--", StringComparison.Ordinal)
                || !item.Label.StartsWith('-') && !item.Label.StartsWith('/')
            )
            .Select(static item =>
                (item.Label, (item.Detail ?? item.Documentation ?? "").ReplaceLineEndings(" "))
            )
            .DistinctBy(static item => item.Label)
            .OrderBy(static item => item.Label, StringComparer.Ordinal);
    }
}
