using System.CommandLine;
using System.Globalization;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.Native.Recommending;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman recommend</c>: models for what somebody describes.</summary>
internal static class RecommendCommand
{
    public static Command Create(Terminal terminal)
    {
        var words = new Argument<string[]>("DESCRIPTION")
        {
            Description = "E.g. \"fast answers for chat under $1 per million\"",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var capability = new Option<string[]>("--capability")
        {
            Description = "It can do this: tools, vision, code …; may be repeated",
            HelpName = "C",
        };
        capability.AcceptOnlyFromAmong([.. Capabilities.Words]);
        var maxCost = NumberOption.Dollars(
            "--max-cost",
            "At most this much per 1,000 tokens, the mean of input and output"
        );
        var budget = NumberOption.Dollars("--budget", "US dollars a usual request may cost");
        var context = NumberOption.Whole(
            "--min-context",
            "So many tokens of context",
            0,
            100_000_000
        );
        var latency = NumberOption.Whole(
            "--max-latency",
            "Milliseconds until a whole answer is there",
            1,
            int.MaxValue
        );
        var provider = new Option<string?>("--provider")
        {
            Description = "Of this provider",
            HelpName = "P",
        };
        provider.CompletionSources.Add(_ => ProviderNames.All);
        var local = new Option<bool>("--local") { Description = "Only those in the house" };
        var all = new Option<bool>("--all")
        {
            Description = "Also those that cannot be called with this configuration",
        };
        var limit = NumberOption.Whole(
            "--limit",
            "So many at most (default: 5)",
            1,
            RecommendationReader.MostModels
        );
        var json = JsonOption.Create();
        var command = new Command("recommend", "Find models for what you describe")
        {
            words,
            capability,
            maxCost,
            budget,
            context,
            latency,
            provider,
            local,
            all,
            limit,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var description = await PromptText.ReadAsync(
                    terminal,
                    parsed,
                    parsed.GetValue(words) ?? [],
                    [],
                    stop
                );
                var constraints = new RecommendationConstraints
                {
                    Capabilities = parsed.GetValue(capability) ?? [],
                    MaxCostPer1k = parsed.GetValue(maxCost),
                    MaxCostUsd = parsed.GetValue(budget),
                    MinContext = parsed.GetValue(context),
                    MaxLatencyMs = parsed.GetValue(latency),
                    Provider = parsed.GetValue(provider),
                    Local = parsed.GetValue(local) ? true : null,
                    IncludeUnavailable = parsed.GetValue(all) ? true : null,
                    Limit = (int?)parsed.GetValue(limit),
                };
                await using var link = await connection.OpenAsync(parsed, stop);
                var found = await Waiting.ForAsync(
                    terminal,
                    "Looking through the models …",
                    link.RecommendAsync(description, constraints, stop)
                );
                if (parsed.GetValue(json))
                    terminal.Json(found, RecommendationJson.Readable.RecommendationReply);
                else
                    Print(terminal, found);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, RecommendationReply found)
    {
        terminal.Remark("Understood: " + Understood(found.Understood));
        var sheet = new Sheet(
            new Column("#", IsRight: true),
            new Column("MODEL"),
            new Column("QUALITY", IsRight: true, Spare: 3),
            new Column("COST", IsRight: true, Spare: 2),
            new Column("ANSWER", IsRight: true, Spare: 4),
            new Column("CONTEXT", IsRight: true, Spare: 5),
            new Column("WHY", Spare: 6)
        );
        foreach (var model in found.Models)
        {
            Cell[] cells =
            [
                model.Rank.ToString(CultureInfo.InvariantCulture),
                model.Id,
                model.Quality is { } quality
                    ? Figures.Count((long)Math.Round(quality.Score))
                    : Figures.Unknown,
                Figures.Dollars(model.EstimatedCostUsd),
                Figures.Milliseconds(model.Latency?.AnswerMs),
                Figures.Short(model.ContextWindow),
                model.Reason,
            ];
            if (model.Available)
                sheet.Add(cells);
            else
                sheet.AddDim(cells);
        }
        sheet.Write(terminal);
        if (found.Models is [var first, ..])
            terminal.Remark($"{first.Id}: {first.Reason}.");
        terminal.Remark(
            found.Fitting == 0
                ? $"None of {found.Considered} models fits; what is unknown of a model meets no limit."
                : $"{found.Fitting} of {found.Considered} models fit. Costs are of a usual request; prices as of {found.CatalogDate}."
        );
        foreach (var left in found.Excluded)
            terminal.Remark($"{Figures.Count(left.Count)} left out: {left.Reason}");
    }

    private static string Understood(UnderstoodWish wish)
    {
        var heard = wish.Heard.Select(static heard => $"\"{heard.Words}\" is {heard.Meaning}");
        if (wish.TaskFrom == "classifier")
            heard = heard.Prepend($"it reads like {wish.Task}");
        var all = string.Join("; ", heard);
        return all.Length > 0 ? all + "." : "nothing in particular: all models are weighed.";
    }
}
