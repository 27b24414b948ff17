using System.CommandLine;
using System.Globalization;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman chains</c>: the chains that have a name; with a primary, the one a request of that name would take.</summary>
internal static class ChainsCommand
{
    public static Command Create(Terminal terminal)
    {
        var primary = new Argument<string?>("PRIMARY")
        {
            Description = "A model, alias, route, chain:NAME or auto",
            Arity = ArgumentArity.ZeroOrOne,
        };
        primary.CompletionSources.Add(QuestionOptions.WellKnownModels);
        var strategy = new Option<string?>("--strategy")
        {
            Description = "As if it were asked for with this strategy",
            HelpName = "NAME",
        };
        strategy.CompletionSources.Add(_ => Routing.RoutingStrategies.Usual.Names);
        var capability = ChoiceOption.Of(
            "--capability",
            "As if whoever answers had to be able to do this",
            "C",
            Exchanges.Capabilities.Words
        );
        var json = JsonOption.Create();
        var command = new Command("chains", "Who is tried, in which order, and who is not")
        {
            primary,
            strategy,
            capability,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.OpenAsync(parsed, stop);
                var (name, order, ability) = (
                    parsed.GetValue(primary),
                    parsed.GetValue(strategy),
                    parsed.GetValue(capability)
                );
                if ((name ?? order ?? ability) is null)
                    Show(terminal, await link.ChainsAsync(stop), parsed.GetValue(json));
                else
                    Show(
                        terminal,
                        await link.ChainAsync(name, order, ability, stop),
                        parsed.GetValue(json)
                    );
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Show(Terminal terminal, NamedChains chains, bool json)
    {
        if (json)
        {
            terminal.Json(chains, ChainsJson.Readable.NamedChains);
            return;
        }
        var sheet = new Sheet(
            new Column("CHAIN"),
            new Column("SOURCE", Spare: 1),
            new Column("MODELS")
        );
        foreach (var chain in chains.Chains)
        {
            var models =
                !chain.Active ? "(switched off)"
                : chain.Members.Count == 0 ? "(none of them is configured)"
                : string.Join(", ", chain.Members.Select(static member => member.Name));
            if (chain.Active && chain.Members.Count > 0)
                sheet.Add("chain:" + chain.Name, chain.Source, models);
            else
                sheet.AddDim("chain:" + chain.Name, chain.Source, models);
        }
        sheet.Write(terminal);
        if (chains.Chains.Any(static chain => chain.UnavailableReason is not null))
            terminal.Remark("What is missing: dragoman chains chain:NAME");
    }

    private static void Show(Terminal terminal, FallbackChainInfo chain, bool json)
    {
        if (json)
        {
            terminal.Json(chain, ChainsJson.Readable.FallbackChainInfo);
            return;
        }
        var sheet = new Sheet(
            new Column("#", IsRight: true),
            new Column("MODEL"),
            new Column("STATE"),
            new Column("COST", IsRight: true, Spare: 1),
            new Column("ANSWER", IsRight: true, Spare: 2),
            new Column("QUALITY", IsRight: true, Spare: 3)
        );
        for (var i = 0; i < chain.Members.Count; i++)
        {
            var member = chain.Members[i];
            sheet.Add(
                (i + 1).ToString(CultureInfo.InvariantCulture),
                member.Name,
                new Cell(
                    member.Health.State.Replace('_', ' '),
                    member.Health.State == "ok" ? Tone.Good : Tone.Doubtful
                ),
                Figures.Dollars(member.EstimatedCostUsd),
                Figures.Milliseconds(member.LatencyMs),
                member.Quality is { } quality
                    ? Figures.Count((long)Math.Round(quality.Score))
                    : Figures.Unknown
            );
        }
        sheet.Write(terminal);
        terminal.Remark(
            chain.Reason + (chain.InTurn > 1 ? $"; the first {chain.InTurn} take turns" : "") + "."
        );
        foreach (var left in chain.Excluded)
            terminal.Remark($"Not in it: {left.Model}: {left.Reason}");
    }
}
