using System.CommandLine;
using System.Globalization;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman requests</c>: what was asked lately; with an id, all about one.</summary>
internal static class RequestsCommand
{
    private const int MostAtOnce = 500;
    private const int Usual = 20;

    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID")
        {
            Description = "One of them, whole, e.g. req_0amwq8xpvq000",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var limit = NumberOption.Whole(
            "--limit",
            $"So many at most (default: {Usual})",
            1,
            MostAtOnce
        );
        var before = new Option<string?>("--before")
        {
            Description = "Only those older than this one",
            HelpName = "ID",
        };
        var json = JsonOption.Create();
        var command = new Command("requests", "List what was asked lately, or show one request")
        {
            id,
            limit,
            before,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.ToServerAsync(parsed, stop);
                if (parsed.GetValue(id) is { } wanted)
                {
                    var request = await link.GetAsync(
                        "requests/" + Uri.EscapeDataString(wanted),
                        RequestsJson.Default.RequestInfo,
                        [],
                        stop
                    );
                    if (parsed.GetValue(json))
                        terminal.Json(request, RequestsJson.Default.RequestInfo);
                    else
                        RequestFacts.Write(terminal, request);
                    return ExitCodes.Success;
                }
                var page = await link.GetAsync(
                    "requests",
                    RequestsJson.Default.RequestPage,
                    [
                        (
                            "limit",
                            (parsed.GetValue(limit) ?? Usual).ToString(CultureInfo.InvariantCulture)
                        ),
                        ("before", parsed.GetValue(before)),
                    ],
                    stop
                );
                if (parsed.GetValue(json))
                    terminal.Json(page, RequestsJson.Default.RequestPage);
                else
                    Print(terminal, page);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, RequestPage page)
    {
        var sheet = new Sheet(
            new Column("TIME", Spare: 1),
            new Column("ID"),
            new Column("MODEL"),
            new Column("OUTCOME"),
            new Column("TOKENS", IsRight: true, Spare: 3),
            new Column("COST", IsRight: true, Spare: 2),
            new Column("TIME TAKEN", IsRight: true, Spare: 4)
        );
        foreach (var request in page.Requests)
            sheet.Add(
                terminal.IsOutShown
                    ? request
                        .StartedAt.ToLocalTime()
                        .ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
                    : request.StartedAt.ToString("O", CultureInfo.InvariantCulture),
                request.Id,
                request.Model ?? $"({request.Route})",
                RequestFacts.Outcome(request.Outcome),
                Figures.Count(Figures.Together(request.Usage)),
                Figures.Dollars(request.Cost),
                Figures.Time(request.Latency)
            );
        sheet.Write(terminal);
        if (page.Requests.Count == 0)
            terminal.Remark("Nothing was asked yet.");
        else if (page.NextBefore is { } next)
            terminal.Remark($"Older ones: dragoman requests --before {next}");
    }
}
