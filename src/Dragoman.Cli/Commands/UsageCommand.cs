using System.CommandLine;
using System.Globalization;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman usage</c>: what was spent, from the ledger.</summary>
internal static class UsageCommand
{
    private const string UsualGrouping = "model";

    public static Command Create(Terminal terminal)
    {
        var by = ChoiceOption.Of(
            "--by",
            $"A row for each model, provider, day … (default: {UsualGrouping})",
            "WHAT",
            UsageReport.Groupings
        );
        var period = ChoiceOption.Of(
            "--period",
            "today, week or month (default: the last 30 days)",
            "TIME",
            "today",
            "week",
            "month"
        );
        var days = NumberOption.Whole("--days", "The last N days, today included", 1, 3660);
        var from = Text("--from", "From this time on, e.g. 2026-11-01", "TIME");
        var to = Text("--to", "Up to this time (with --from)", "TIME");
        var workspace = Text("--workspace", "Only this workspace", "ID");
        var model = Text("--model", "Only this provider/model", "M");
        var provider = Text("--provider", "Only this provider", "P");
        var task = ChoiceOption.Of("--task", "Only this task", "T", TaskNames.All);
        var limit = NumberOption.Whole("--limit", "So many rows at most", 1, 100_000);
        var json = JsonOption.Create();
        provider.CompletionSources.Add(_ => ProviderNames.All);
        var command = new Command("usage", "What was spent: calls, tokens, dollars")
        {
            by,
            period,
            days,
            from,
            to,
            workspace,
            model,
            provider,
            task,
            limit,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.ToServerAsync(parsed, stop);
                var report = await Waiting.ForAsync(
                    terminal,
                    "Adding up …",
                    link.GetAsync(
                        "usage",
                        UsageJson.Default.UsageReport,
                        [
                            ("by", parsed.GetValue(by) ?? UsualGrouping),
                            ("period", parsed.GetValue(period)),
                            ("days", Number(parsed.GetValue(days))),
                            ("from", parsed.GetValue(from)),
                            ("to", parsed.GetValue(to)),
                            ("workspace_id", parsed.GetValue(workspace)),
                            ("model", parsed.GetValue(model)),
                            ("provider", parsed.GetValue(provider)),
                            ("task", parsed.GetValue(task)),
                            ("limit", Number(parsed.GetValue(limit))),
                        ],
                        stop
                    )
                );
                if (parsed.GetValue(json))
                    terminal.Json(report, UsageJson.Default.UsageReport);
                else
                    Print(terminal, report);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Option<string?> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static void Print(Terminal terminal, UsageReport report)
    {
        var sheet = new Sheet(
            new Column((report.GroupedBy ?? "").ToUpperInvariant()),
            new Column("CALLS", IsRight: true),
            new Column("FAILED", IsRight: true, Spare: 2),
            new Column("TOKENS", IsRight: true, Spare: 1),
            new Column("COST", IsRight: true),
            new Column("AVERAGE", IsRight: true, Spare: 3)
        );
        foreach (var row in report.By ?? [])
            sheet.Add(
                Cells(new Cell(row.Name ?? "(none)", row.Name is null ? Tone.Dim : Tone.Plain), row)
            );
        if (terminal.IsOutShown && report.By is { Count: > 1 })
            sheet.Add(Cells(new Cell("together", Tone.Strong), report));
        sheet.Write(terminal);
        terminal.Remark(
            $"{report.From:yyyy-MM-dd HH:mm} to {report.To:yyyy-MM-dd HH:mm} {report.TimeZone}"
                + (report.CallCount == 0 ? ": nothing was asked." : ".")
                + (report.Truncated ? " More rows than shown: --limit." : "")
                + (
                    report.UnpricedCalls > 0
                        ? $" Of {Figures.Count(report.UnpricedCalls)} calls nobody knows the cost."
                        : ""
                )
        );
    }

    private static Cell[] Cells(Cell name, UsageFigures figures) =>
        [
            name,
            Figures.Count(figures.CallCount),
            Figures.Count(figures.Failures),
            Figures.Count(figures.TotalTokens),
            Figures.Dollars(figures.TotalCost),
            Figures.Milliseconds((double?)figures.AverageLatencyMs),
        ];
}
