using System.CommandLine;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman models</c>: what models there are, what they cost, how good and fast they are; <c>models show</c>: one, whole.</summary>
internal static class ModelsCommand
{
    private const int MostShown = 40;
    private const int MostAtOnce = 1000;

    public static Command Create(Terminal terminal)
    {
        var capability = ChoiceOption.Of(
            "--capability",
            "It can do this: tools, vision, code …",
            "C",
            Capabilities.Words
        );
        var provider = new Option<string?>("--provider")
        {
            Description = "Of this provider",
            HelpName = "P",
        };
        provider.CompletionSources.Add(_ => ProviderNames.All);
        var maxCost = NumberOption.Dollars(
            "--max-cost",
            "At most this much per 1,000 tokens, the mean of input and output"
        );
        var sort = ChoiceOption.Of(
            "--sort",
            "cost: cheapest first; latency: fastest; quality: best",
            "BY",
            "cost",
            "latency",
            "quality"
        );
        var local = new Option<bool>("--local") { Description = "Only those in the house" };
        var available = new Option<bool>("--available")
        {
            Description = "Only those that can be called now",
        };
        var search = new Option<string?>("--search", "-q")
        {
            Description = "Only those whose name holds this",
            HelpName = "TEXT",
        };
        var limit = NumberOption.Whole("--limit", "So many at most", 1, MostAtOnce);
        var json = JsonOption.Create();
        var command = new Command("models", "List models: prices, context, quality, speed")
        {
            capability,
            provider,
            maxCost,
            sort,
            local,
            available,
            search,
            limit,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var query = new ModelQuery
                {
                    Capabilities = parsed.GetValue(capability) is { } word
                        ? [Capabilities.Find(word) ?? word]
                        : [],
                    Provider = parsed.GetValue(provider),
                    MaxCostPer1k = parsed.GetValue(maxCost),
                    Local = parsed.GetValue(local) ? true : null,
                    Available = parsed.GetValue(available) ? true : null,
                    Text = parsed.GetValue(search),
                    Order = parsed.GetValue(sort) switch
                    {
                        "cost" => ModelOrder.Cost,
                        "latency" => ModelOrder.Latency,
                        "quality" => ModelOrder.Quality,
                        _ => ModelOrder.Name,
                    },
                };
                var most =
                    (int?)parsed.GetValue(limit) ?? (terminal.IsOutShown ? MostShown : MostAtOnce);
                await using var link = await connection.OpenAsync(parsed, stop);
                var models = await Waiting.ForAsync(
                    terminal,
                    "Looking through the models …",
                    link.ModelsAsync(query, most, stop)
                );
                if (parsed.GetValue(json))
                    terminal.Json(models, ModelsJson.Default.ModelList);
                else
                    Print(terminal, models);
                return ExitCodes.Success;
            }
        );
        command.Add(Show(terminal));
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var name = new Argument<string>("NAME")
        {
            Description = "provider/model, a model's id, or another name of it",
        };
        var json = JsonOption.Create();
        var command = new Command("show", "Everything known about one model") { name, json };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.OpenAsync(parsed, stop);
                var model = await link.ModelAsync(parsed.GetValue(name)!, stop);
                if (parsed.GetValue(json))
                    terminal.Json(model, ModelsJson.Default.ModelDetails);
                else
                    ModelFacts.Write(terminal, model);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, ModelList models)
    {
        var sheet = new Sheet(
            new Column("MODEL"),
            new Column("READY", Spare: 2),
            new Column("IN/1K", IsRight: true),
            new Column("OUT/1K", IsRight: true),
            new Column("CONTEXT", IsRight: true, Spare: 1),
            new Column("QUALITY", IsRight: true, Spare: 3),
            new Column("ANSWER", IsRight: true, Spare: 4)
        );
        foreach (var model in models.Models)
        {
            Cell[] cells =
            [
                model.Id,
                model.Available ? new Cell("yes", Tone.Good) : "no",
                Figures.Dollars(model.Cost?.InputPer1k),
                Figures.Dollars(model.Cost?.OutputPer1k),
                Figures.Short(model.ContextWindow),
                model.Quality is { } quality
                    ? Figures.Count((long)Math.Round(quality.Score))
                    : Figures.Unknown,
                Figures.Milliseconds(model.Latency?.AnswerMs),
            ];
            if (model.Available)
                sheet.Add(cells);
            else
                sheet.AddDim(cells);
        }
        sheet.Write(terminal);
        if (models.Total == 0)
            terminal.Remark("No model matches; what is unknown of a model meets no filter.");
        else
            terminal.Remark(
                (
                    models.Models.Count < models.Total
                        ? $"{models.Models.Count} of {models.Total} shown (--limit)"
                        : $"{models.Total} models"
                )
                    + $", {models.AvailableTotal} can be called now. Prices as of {models.CatalogDate}, per 1,000 tokens."
            );
    }
}
