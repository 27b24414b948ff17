using System.CommandLine;
using Dragoman.Access;
using Dragoman.Administration;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman keys</c>: makes, lists, rotates and revokes the keys that clients hold.</summary>
internal static class KeysCommand
{
    private const int AtOnce = 1_000;

    public static Command Create(Terminal terminal) =>
        new("keys", "Make, list, rotate and revoke the keys of clients")
        {
            KeysCreateCommand.Create(terminal),
            List(terminal),
            Rotate(terminal),
            Revoke(terminal),
        };

    private static Command List(Terminal terminal)
    {
        var status = ChoiceOption.Of(
            "--status",
            "Only those that are so",
            "STATUS",
            "active",
            "disabled",
            "expired",
            "revoked"
        );
        var json = JsonOption.Create();
        var command = new Command("list", "List the keys") { status, json };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.ToKeysAsync(parsed, stop);
                var keys = new List<KeyInfo>();
                string? after = null;
                do
                {
                    var page = await link.ListAsync(parsed.GetValue(status), after, AtOnce, stop);
                    keys.AddRange(page.Data);
                    after = page.NextAfter;
                } while (after is not null);
                if (parsed.GetValue(json))
                    terminal.Json(
                        new KeyPage { Data = keys, NextAfter = null },
                        KeysJson.Readable.KeyPage
                    );
                else
                    KeySheet.Write(terminal, keys);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Command Rotate(Terminal terminal)
    {
        var id = Id();
        var grace = SpanOption.Of(
            "--grace",
            "For so long the old secret counts still, e.g. 24h (default: not at all)"
        );
        var json = JsonOption.Create();
        var command = new Command("rotate", "Give a key another secret") { id, grace, json };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.ToKeysAsync(parsed, stop);
                var key = await link.RotateAsync(
                    parsed.GetValue(id)!,
                    parsed.GetValue(grace) ?? TimeSpan.Zero,
                    stop
                );
                if (parsed.GetValue(json))
                    terminal.Json(key, KeysJson.Readable.NewKeyInfo);
                else
                    KeySheet.TellSecret(terminal, key, "has another secret");
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Command Revoke(Terminal terminal)
    {
        var id = Id();
        var json = JsonOption.Create();
        var command = new Command("revoke", "End a key for ever, and what is asked with it")
        {
            id,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                await using var link = await connection.ToKeysAsync(parsed, stop);
                var key = await link.RevokeAsync(parsed.GetValue(id)!, stop);
                if (parsed.GetValue(json))
                    terminal.Json(key, KeysJson.Readable.KeyInfo);
                else
                    terminal.Line($"{key.Id} ({key.Name}, …{key.LastFour}) is revoked.");
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Argument<string> Id() =>
        new("ID") { Description = $"The key's id, e.g. {KeyId.Prefix}01jdk3v5mq8r2t4w" };
}
