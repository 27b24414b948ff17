using System.CommandLine;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman stats</c>: what the server did since it started, and over the last hour.</summary>
internal static class StatsCommand
{
    public static Command Create(Terminal terminal)
    {
        var by = ChoiceOption.Of(
            "--by",
            "A row for each model, provider or chain",
            "WHAT",
            "model",
            "provider",
            "chain"
        );
        var json = JsonOption.Create();
        var command = new Command("stats", "What the server did: latencies, failures, rescues")
        {
            by,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.ToServerAsync(parsed, stop);
                var stats = await link.GetAsync(
                    "stats",
                    StatsJson.Default.StatsReport,
                    [("by", parsed.GetValue(by))],
                    stop
                );
                if (parsed.GetValue(json))
                    terminal.Json(stats, StatsJson.Default.StatsReport);
                else
                    Print(terminal, stats, parsed.GetValue(by));
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, StatsReport stats, string? by)
    {
        var sheet = new Sheet(
            new Column(by?.ToUpperInvariant() ?? "TIME"),
            new Column("CALLS", IsRight: true),
            new Column("LAST HOUR", IsRight: true, Spare: 4),
            new Column("FAILED", IsRight: true),
            new Column("P50", IsRight: true, Spare: 1),
            new Column("P95", IsRight: true, Spare: 2),
            new Column("FIRST", IsRight: true, Spare: 6),
            new Column("TOKENS", IsRight: true, Spare: 7),
            new Column("COST", IsRight: true, Spare: 3),
            new Column("RESCUES", IsRight: true, Spare: by is null or "chain" ? 1 : 8),
            new Column("ADDED TIME", IsRight: true, Spare: 9),
            new Column("ADDED COST", IsRight: true, Spare: 9)
        );
        if (stats.By is { } rows)
            foreach (var row in rows)
                Add(sheet, row.Model ?? row.Provider ?? row.Chain, row.SinceStart, row.LastHour);
        else
        {
            Add(sheet, "since the start", stats.SinceStart, stats.LastHour);
            Add(sheet, "last hour", stats.LastHour, stats.LastHour);
        }
        sheet.Write(terminal);
        terminal.Remark(
            $"Since {stats.StartedAt.ToLocalTime():yyyy-MM-dd HH:mm}, when the server started."
                + (stats.By is { Count: 0 } ? " Nothing was asked yet." : "")
        );
    }

    private static void Add(Sheet sheet, string? name, StatsFigures all, StatsFigures hour) =>
        sheet.Add(
            name,
            Figures.Count(all.Calls),
            Figures.Count(hour.Calls),
            Figures.Count(all.Failures),
            Figures.Milliseconds(all.P50LatencyMs),
            Figures.Milliseconds(all.P95LatencyMs),
            Figures.Milliseconds(all.P50FirstTokenMs),
            Figures.Count(all.TotalTokens),
            Figures.Dollars(all.TotalCost),
            Figures.Count(all.Rescues),
            Figures.Milliseconds(all.AddedLatencyMs),
            Figures.Dollars(all.AddedCost)
        );
}
