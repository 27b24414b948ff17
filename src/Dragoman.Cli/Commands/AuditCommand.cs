using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dragoman.Administration;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman audit</c>: who did what; all of it as a file; and whether the trail is whole.</summary>
internal static class AuditCommand
{
    private const int Usual = 20;

    public static Command Create(Terminal terminal) =>
        new("audit", "Who changed what, who signed in, and whether that was tampered with")
        {
            List(terminal),
            Export(terminal),
            AuditVerify.Create(terminal),
        };

    private static Command List(Terminal terminal)
    {
        var filters = new Filters();
        var limit = NumberOption.Whole("--limit", $"So many at most (default: {Usual})", 1, 1_000);
        var json = JsonOption.Create();
        var command = new Command("list", "List who did what lately") { limit, json };
        filters.AddTo(command);
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                using var admin = await connection.ToAdminAsync(parsed, stop);
                var page = await admin.ListAsync(
                    filters.Path(parsed),
                    PeopleJson.Readable.AdminListAuditEntryInfo,
                    limit: (int?)parsed.GetValue(limit) ?? Usual,
                    cancellationToken: stop
                );
                if (parsed.GetValue(json))
                    terminal.Json(page, PeopleJson.Readable.AdminListAuditEntryInfo);
                else
                    Print(terminal, page);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Command Export(Terminal terminal)
    {
        var filters = new Filters();
        var format = ChoiceOption.Of(
            "--format",
            "jsonl or csv (default: jsonl)",
            "F",
            "jsonl",
            "csv"
        );
        var command = new Command("export", "Print all of it, an entry a line, newest first")
        {
            format,
        };
        filters.AddTo(command);
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                using var admin = await connection.ToAdminAsync(parsed, stop);
                var isTable = parsed.GetValue(format) == "csv";
                if (isTable)
                    await terminal.Out.WriteAsync(AuditTable.Head);
                await foreach (
                    var entry in admin.AllAsync(
                        filters.Path(parsed),
                        PeopleJson.Readable.AdminListAuditEntryInfo,
                        stop
                    )
                )
                    await terminal.Out.WriteAsync(
                        isTable
                            ? AuditTable.Line(entry)
                            : JsonSerializer.Serialize(entry, PeopleJson.Readable.AuditEntryInfo)
                                + "\n"
                    );
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, AdminList<AuditEntryInfo> page)
    {
        var sheet = new Sheet(
            new Column("NO", IsRight: true),
            new Column("TIME"),
            new Column("WHO"),
            new Column("ACTION"),
            new Column("WHAT", Spare: 1),
            new Column("FROM", Spare: 2)
        );
        foreach (var entry in page.Data)
            sheet.Add(
                entry.Number.ToString(CultureInfo.InvariantCulture),
                terminal.IsOutShown
                    ? entry
                        .At.ToLocalTime()
                        .ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
                    : entry.At.ToString("O", CultureInfo.InvariantCulture),
                entry.Who,
                entry.Action,
                entry.Subject ?? "",
                entry.Address ?? ""
            );
        sheet.Write(terminal);
        if (page.Data.Count == 0)
            terminal.Remark("Nothing like that was done.");
        else if (page.NextAfter is not null)
            terminal.Remark("There are more: --limit, or dragoman audit export.");
    }

    /// <summary>Which entries are meant.</summary>
    private sealed class Filters
    {
        private readonly Option<string?>[] _options =
        [
            Text("--who", "Only what this caller did, e.g. user:anna, key_…, admin", "ID"),
            Text("--action", "Only this action or kind, e.g. key.create, session", "A"),
            Text("--subject", "Only what was done to this", "ID"),
            Text("--since", "From this time on, e.g. 2026-11-01", "TIME"),
            Text("--until", "Before this time", "TIME"),
        ];

        public void AddTo(Command command)
        {
            foreach (var option in _options)
                command.Add(option);
        }

        public string Path(ParseResult parsed)
        {
            var said = _options
                .Select(option => (option.Name, Value: parsed.GetValue(option)))
                .Where(static one => one.Value is not null)
                .Select(static one => $"{one.Name[2..]}={Uri.EscapeDataString(one.Value!)}")
                .ToList();
            return said.Count == 0 ? "audit" : "audit?" + string.Join('&', said);
        }

        private static Option<string?> Text(string name, string description, string helpName) =>
            new(name) { Description = description, HelpName = helpName };
    }
}
