using System.CommandLine;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman compare</c>: one prompt, several models, their answers below each other.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var words = PromptArgument.Create();
        var models = new Option<string[]>("--model", "-m")
        {
            Description = "One of 2 to 10 models that are asked; say it for each",
            HelpName = "M",
        };
        models.CompletionSources.Add(QuestionOptions.WellKnownModels);
        var system = new Option<string?>("--system", "-s")
        {
            Description = "What stands before everything, for the models to keep to",
            HelpName = "S",
        };
        var maxTokens = NumberOption.Whole(
            "--max-tokens",
            "The most tokens of an answer",
            1,
            long.MaxValue
        );
        var temperature = NumberOption.Real(
            "--temperature",
            "0 says the likeliest, more varies more",
            0,
            2
        );
        var budget = NumberOption.Dollars(
            "--budget",
            "US dollars that all answers together may cost, by the estimate"
        );
        var files = PromptArgument.Files();
        var json = JsonOption.Create();
        var command = new Command("compare", "Ask several models the same, side by side")
        {
            words,
            models,
            system,
            maxTokens,
            temperature,
            budget,
            files,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var names = parsed.GetValue(models) ?? [];
                if (ComparisonReader.WhyNot(names) is not null)
                    throw CommandFailure.Usage(
                        $"name {ComparisonReader.Fewest} to {ComparisonReader.Most} different models",
                        "dragoman compare \"Why is the sky blue?\" -m demo/swift -m demo/sage"
                    );
                var options = new CompletionOptions
                {
                    SystemPrompt = parsed.GetValue(system),
                    MaxTokens = parsed.GetValue(maxTokens),
                    Temperature = parsed.GetValue(temperature),
                    MaxCostUsd = parsed.GetValue(budget),
                };
                var messages = await PromptArgument.ReadAsync(terminal, parsed, words, files, stop);
                await using var link = await connection.OpenAsync(parsed, stop);
                var compared = await Waiting.ForAsync(
                    terminal,
                    $"Asking {names.Length} models …",
                    link.CompareAsync(messages, names, options, stop)
                );
                if (parsed.GetValue(json))
                    terminal.Json(compared, ComparisonJson.Readable.ComparisonReply);
                else
                    Print(terminal, compared);
                // Like a single question: it failed where nobody answered.
                return compared.Totals.Answered > 0 ? ExitCodes.Success : ExitCodes.Failure;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, ComparisonReply compared)
    {
        foreach (var answer in compared.Answers)
        {
            terminal.Line(answer.Name, Tone.Strong);
            if (answer.Error is { } error)
                terminal.Line(error.Message, Tone.Bad);
            else
                terminal.Line(answer.Content ?? "");
            terminal.Out.WriteLine();
        }
        var sheet = new Sheet(
            new Column("MODEL"),
            new Column("TIME", IsRight: true),
            new Column("TOKENS", IsRight: true, Spare: 2),
            new Column("COST", IsRight: true, Spare: 1),
            new Column("REQUEST", Spare: 3)
        );
        foreach (var answer in compared.Answers)
            sheet.Add(
                new Cell(answer.Name, answer.Error is null ? Tone.Plain : Tone.Bad),
                Figures.Time(answer.Latency),
                answer.Usage is { } usage ? Figures.Tokens(usage) : Figures.Unknown,
                Figures.Dollars(answer.Cost),
                answer.Id
            );
        sheet.Write(terminal);
        var totals = compared.Totals;
        terminal.Remark(
            $"{totals.Answered} answered in {Figures.Time(totals.Latency)}, "
                + $"{(totals.CostComplete ? "" : "at least ")}{Figures.Cost(totals.Cost)} together"
                + (totals.Failed > 0 ? $"; {totals.Failed} failed" : "")
                + ". What you think of them: dragoman feedback REQUEST up"
        );
    }
}
