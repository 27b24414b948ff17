using System.CommandLine;
using Dragoman.Access.Auditing;
using Dragoman.Administration;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Secrets;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;

namespace Dragoman.Cli.Commands;

/// <summary>
/// <c>dragoman audit verify</c>: whether the audit trail is whole, asked of the server, or of its database as it lies there. A server
/// that somebody has taken over would say what they like.
/// </summary>
internal static class AuditVerify
{
    public static Command Create(Terminal terminal)
    {
        var offline = new Option<bool>("--offline")
        {
            Description = "Read the database file itself, of a server that runs or does not",
        };
        var database = new Option<string?>("--database")
        {
            Description =
                "That file, e.g. of a backup, with the key file beside it or DRAGOMAN_MASTER_KEY set (implies --offline)",
            HelpName = "FILE",
        };
        var end = new Option<string?>("--end")
        {
            Description = "An end that was noted before: that entry must still be there",
            HelpName = "N:MAC",
        };
        var json = JsonOption.Create();
        var command = new Command("verify", "Check that no entry was changed, added or taken away")
        {
            offline,
            database,
            end,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var noted = Noted(parsed.GetValue(end));
                var file = parsed.GetValue(database);
                var check =
                    file is not null || parsed.GetValue(offline)
                        ? OfFile(terminal, file, noted)
                        : await OfServerAsync(connection, parsed, parsed.GetValue(end), stop);
                if (parsed.GetValue(json))
                    terminal.Json(check, PeopleJson.Readable.AuditCheckInfo);
                else
                    Print(terminal, check);
                return check.Whole ? ExitCodes.Success : ExitCodes.Failure;
            }
        );
        return command;
    }

    private static ExpectedEnd? Noted(string? text) =>
        text is null
            ? null
            : ExpectedEnd.Read(text)
                ?? throw CommandFailure.Usage(
                    $"--end is '{text}'; it must be an end as this command printed it: a number, a colon and 64 hexadecimal digits"
                );

    private static async Task<AuditCheckInfo> OfServerAsync(
        Connection connection,
        ParseResult parsed,
        string? end,
        CancellationToken stop
    )
    {
        using var admin = await connection.ToAdminAsync(parsed, stop);
        return (
            await admin.GetAsync(
                end is null ? "audit/verify" : "audit/verify?end=" + Uri.EscapeDataString(end),
                PeopleJson.Readable.AuditCheckInfo,
                stop
            )
        ).Value;
    }

    private static AuditCheckInfo OfFile(Terminal terminal, string? file, ExpectedEnd? noted)
    {
        try
        {
            var path = file is null
                ? DatabaseLocation.From(terminal.Environment).SqlitePath
                : Path.GetFullPath(file);
            if (!File.Exists(path))
                throw new CommandFailure($"there is no database {path}");
            var keys = new AuditKeys(Key(terminal, path));
            return AuditCheckInfo.Of(
                AuditRows.WalkFile(path, (end, entries) => AuditCheck.Of(end, entries, keys, noted))
            );
        }
        catch (Exception trouble) when (trouble is StorageException or MasterKeyException)
        {
            throw new CommandFailure(trouble.Message, inner: trouble);
        }
    }

    /// <summary>As the server's vault has it. A master key that is made now would open nothing: it must be there.</summary>
    private static AuditKey Key(Terminal terminal, string database)
    {
        var folder = Path.GetDirectoryName(database)!;
        if (
            !File.Exists(Path.Combine(folder, MasterKeyFile.Name))
            && terminal.Environment("DRAGOMAN_DATA") is { Length: > 0 } data
        )
            folder = Path.GetFullPath(data);
        if (
            string.IsNullOrWhiteSpace(terminal.Environment(MasterKey.Variable))
            && !File.Exists(Path.Combine(folder, MasterKeyFile.Name))
        )
            throw new CommandFailure(
                $"the key to the trail is not at hand: {MasterKey.Variable} is not set, and there is no {MasterKeyFile.Name} in {folder}"
            );
        var secrets = new InMemorySecretStore();
        foreach (var secret in SqliteSecretStore.OfFile(database))
            secrets.Add(secret);
        return new AuditKey(
            SecretVault
                .Open(secrets, MasterKey.Open(terminal.Environment, folder), TimeProvider.System)
                .OwnKey(AuditKey.Purpose)
        );
    }

    private static void Print(Terminal terminal, AuditCheckInfo check)
    {
        if (!check.Whole)
        {
            terminal.Tell(
                $"the audit trail is broken: {check.Trouble}",
                $"{Figures.Count(check.Entries)} entries before it are whole. What follows cannot be trusted; compare it with an export or a backup."
            );
            return;
        }
        terminal.Line($"The audit trail is whole: {Figures.Count(check.Entries)} entries.");
        if (check.End is { } end)
            terminal.Remark($"It ends at {end} (note it elsewhere; --end checks it later).");
    }
}
