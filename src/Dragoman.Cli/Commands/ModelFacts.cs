using System.Globalization;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary>Writes down all that is known of one model.</summary>
internal static class ModelFacts
{
    public static void Write(Terminal terminal, ModelDetails model)
    {
        terminal.Line(model.Id, Tone.Strong);
        terminal.Fact(
            "Ready",
            model.Available ? "yes" : "no" + (model.UnavailableReason is { } why ? ": " + why : "")
        );
        terminal.Fact("Kind", Join(model.Kind, model.Type, model.Local ? "in the house" : null));
        terminal.Fact(
            "Status",
            Join(
                model.Status,
                model.Released is { } released ? "released " + released : null,
                model.Replacement is { } newer ? "replaced by " + newer : null
            )
        );
        terminal.Fact("Context", Tokens(model.ContextWindow));
        terminal.Fact("Longest answer", Tokens(model.MaxOutput));
        terminal.Fact("Dimensions", Figures.Count(model.Dimensions));
        Can(terminal, model);
        terminal.Fact(
            "Efforts",
            model.ReasoningEfforts is { } efforts ? string.Join(", ", efforts) : null
        );
        Prices(terminal, model.Prices);
        if (model.Quality is { } quality)
            terminal.Fact(
                "Quality",
                Number(quality.Score)
                    + $" ± {Number(quality.StandardError)} of 100 ({quality.Basis})"
            );
        if (model.QualityByTask is { Count: > 0 } tasks)
            terminal.Fact(
                "By task",
                string.Join(
                    ", ",
                    tasks
                        .OrderByDescending(static task => task.Value.Score)
                        .Select(static task => $"{task.Key} {Number(task.Value.Score)}")
                )
            );
        if (model.Latency is { } latency)
            terminal.Fact(
                "Speed",
                Join(
                    latency.FirstTokenMs is { } first
                        ? $"first token in {Figures.Milliseconds(first)}"
                        : null,
                    latency.TokensPerSecond is { } rate ? $"{Number(rate)} tokens/s" : null,
                    latency.AnswerMs is { } whole
                        ? $"300 tokens in {Figures.Milliseconds(whole)}"
                        : null
                )
            );
        terminal.Fact("Also called", Join([.. model.Aliases, .. model.FriendlyNames]));
        InTheHouse(terminal, model.LocalModel);
    }

    private static void Can(Terminal terminal, ModelDetails model)
    {
        terminal.Fact(
            "Can",
            Join([
                .. model
                    .Capabilities.Where(static pair => pair.Value is true)
                    .Select(static pair => pair.Key),
            ])
        );
        terminal.Fact(
            "Cannot",
            Join([
                .. model
                    .Capabilities.Where(static pair => pair.Value is false)
                    .Select(static pair => pair.Key),
            ])
        );
        terminal.Fact(
            "Unknown",
            Join([
                .. model
                    .Capabilities.Where(static pair => pair.Value is null)
                    .Select(static pair => pair.Key),
            ])
        );
    }

    private static void Prices(Terminal terminal, ModelPrices? prices)
    {
        if (prices is null)
            return;
        terminal.Fact(
            "Price per 1M",
            Join(
                Price("in", prices.Input),
                Price("out", prices.Output),
                Price("cache read", prices.CacheRead),
                Price("cache write", prices.CacheWrite),
                Price("reasoning", prices.Reasoning)
            )
        );
        foreach (var tier in prices.Tiers)
            terminal.Fact(
                $"above {Figures.Short(tier.AboveInputTokens)} in",
                Join(
                    Price("in", tier.Input),
                    Price("out", tier.Output),
                    Price("cache read", tier.CacheRead)
                )
            );
        terminal.Fact("Per request", Figures.Dollars(prices.PerRequest));
    }

    private static void InTheHouse(Terminal terminal, LocalModelFacts? local)
    {
        if (local is null)
            return;
        terminal.Fact("To have it", $"ollama pull {local.OllamaTag}");
        terminal.Fact(
            "Parameters",
            local.ParametersB is { } billions ? Number(billions) + " billion" : null
        );
        terminal.Fact("Licence", local.Licence);
        terminal.Fact("Best for", Join([.. local.BestFor]));
        foreach (var memory in local.Memory)
            terminal.Fact(
                memory.Quantisation,
                Join(
                    "file " + Figures.Bytes(memory.FileBytes),
                    memory.DefaultContextBytes is { } usual
                        ? $"memory {Figures.Bytes(usual)}"
                        : null,
                    memory.NativeContextBytes is { } whole
                        ? $"{Figures.Bytes(whole)} with its whole context"
                        : null
                )
            );
    }

    private static string? Price(string what, decimal? usd) =>
        usd is null ? null : $"{what} {Figures.Dollars(usd)}";

    private static string? Tokens(long? count) =>
        count is null ? null : Figures.Count(count) + " tokens";

    private static string Number(double value) =>
        value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string? Join(params string?[] parts)
    {
        var said = parts.Where(static part => part is not null).ToList();
        return said.Count == 0 ? null : string.Join(", ", said);
    }
}
