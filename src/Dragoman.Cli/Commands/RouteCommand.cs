using System.CommandLine;
using System.Globalization;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman route</c>: who would answer a prompt, and why; nobody is asked.</summary>
internal static class RouteCommand
{
    private const int MostExclusions = 12;

    public static Command Create(Terminal terminal)
    {
        var words = PromptArgument.Create();
        var command = new Command(
            "route",
            "Who would answer, in which order, and why; no model is asked"
        )
        {
            words,
        };
        var question = new QuestionOptions(command);
        var files = PromptArgument.Files();
        var json = JsonOption.Create();
        command.Add(files);
        command.Add(json);
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var options = question.Read(parsed);
                var messages = await PromptArgument.ReadAsync(terminal, parsed, words, files, stop);
                await using var link = await connection.OpenAsync(parsed, stop);
                var route = await link.RouteAsync(messages, options, stop);
                if (parsed.GetValue(json))
                    terminal.Json(route, RouteJson.Readable.RouteInfo);
                else
                    Print(terminal, route);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, RouteInfo route)
    {
        terminal.Fact(
            "Task",
            route.Task is { } task
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{task.Type} ({100 * task.Confidence:0} % sure), difficulty {route.Difficulty:0.00}"
                )
                : null
        );
        terminal.Fact("Because", route.Reason);
        terminal.Fact("Rule", route.Rule);
        terminal.Fact(
            "Estimate",
            $"{Figures.Cost(route.Estimate.Cost)}, {Figures.Milliseconds(route.Estimate.LatencyMs)}: {Figures.Count(route.Estimate.PromptTokens)} tokens in, about {Figures.Count(route.Estimate.AnswerTokens)} out"
        );
        terminal.Out.WriteLine();
        var sheet = new Sheet(
            new Column("#", IsRight: true),
            new Column("MODEL"),
            new Column("QUALITY", IsRight: true, Spare: 2),
            new Column("LIKELY", IsRight: true, Spare: 4),
            new Column("COST", IsRight: true, Spare: 1),
            new Column("TIME", IsRight: true, Spare: 2),
            new Column("SCORE", IsRight: true, Spare: 3),
            new Column("WHY NOT", Spare: 5)
        );
        foreach (var candidate in route.Candidates)
        {
            Cell[] cells =
            [
                candidate.Rank?.ToString(CultureInfo.InvariantCulture),
                candidate.Model,
                candidate.Quality is { } quality
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{quality:0} ± {candidate.QualityError:0}"
                    )
                    : Figures.Unknown,
                candidate.Chance is { } chance
                    ? string.Create(CultureInfo.InvariantCulture, $"{100 * chance:0} %")
                    : Figures.Unknown,
                Figures.Dollars(candidate.Cost),
                Figures.Milliseconds(candidate.LatencyMs),
                candidate.Score?.ToString("0.0", CultureInfo.InvariantCulture),
                candidate.WhyNot ?? "",
            ];
            if (candidate.Rank is null)
                sheet.AddDim(cells);
            else
                sheet.Add(cells);
        }
        sheet.Write(terminal);
        foreach (var left in route.Excluded.Take(MostExclusions))
            terminal.Remark($"Not in it: {left.Model}: {left.Reason}");
        if (route.Excluded.Count > MostExclusions)
            terminal.Remark($"… and {route.Excluded.Count - MostExclusions} more (--json)");
    }
}
