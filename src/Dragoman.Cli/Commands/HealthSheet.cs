using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary>How providers are, as a table, and below it what to do about those that are not well.</summary>
internal static class HealthSheet
{
    public static void Write(Terminal terminal, HealthInfo health)
    {
        if (health.Providers.Count == 0)
        {
            terminal.Remark(
                "No provider is configured: set a key such as OPENAI_API_KEY, start Ollama, or see dragoman doctor."
            );
            return;
        }
        var sheet = new Sheet(
            new Column("PROVIDER"),
            new Column("STATE"),
            new Column("SCORE", IsRight: true, Spare: 1),
            new Column("LATENCY", IsRight: true),
            new Column("TYPE", Spare: 3),
            new Column("WHERE", Spare: 2),
            new Column("KEYS", IsRight: true, Spare: 4)
        );
        foreach (var provider in health.Providers)
            sheet.Add(
                provider.Provider,
                State(provider),
                Figures.Count(provider.Score),
                Figures.Milliseconds(provider.LatencyMs),
                provider.Type,
                provider.Local ? "in the house" : "outside",
                Keys(provider.Keys)
            );
        sheet.Write(terminal);
        foreach (var provider in health.Providers)
            Explain(terminal, provider);
    }

    public static Cell State(ProviderHealthInfo provider) =>
        provider.Available switch
        {
            true when provider.Resting.Count > 0 => new Cell("partly", Tone.Doubtful),
            true => new Cell("available", Tone.Good),
            false => new Cell("unavailable", Tone.Bad),
            null => new Cell("unknown", Tone.Dim),
        };

    /// <summary>For a person; piped, it stands in the JSON.</summary>
    private static void Explain(Terminal terminal, ProviderHealthInfo provider)
    {
        if (!terminal.IsOutShown)
            return;
        if (provider is { Available: false, LastError: { } error })
        {
            terminal.Line("");
            terminal.Line(
                $"{provider.Provider}: {error.Message.TrimEnd('.')} ({error.Kind})",
                Tone.Bad
            );
            terminal.Line("  " + error.Remedy);
        }
        else if (provider is { Available: null, NotProbed: { } why })
            terminal.Line($"{provider.Provider}: {why}", Tone.Dim);
        foreach (var model in provider.Resting)
            terminal.Line(
                $"{provider.Provider}/{model.Model} is left alone"
                    + (
                        model.CoolsUntil is { } until
                            ? $" until {until.ToLocalTime():HH:mm:ss}"
                            : ""
                    )
                    + (
                        model.Breaker == "closed"
                            ? ""
                            : $", its breaker is {model.Breaker.Replace('_', ' ')}"
                    ),
                Tone.Doubtful
            );
    }

    private static string Keys(IReadOnlyList<KeyHealthInfo> keys)
    {
        var refused = keys.Count(static key => key.Refused);
        return keys.Count == 0 ? Figures.Unknown
            : refused == 0 ? Figures.Count(keys.Count)
            : $"{keys.Count - refused} of {keys.Count}";
    }
}
