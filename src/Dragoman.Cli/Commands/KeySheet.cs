using System.Globalization;
using Dragoman.Administration;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary>How keys look on a terminal.</summary>
internal static class KeySheet
{
    public static void Write(Terminal terminal, IReadOnlyList<KeyInfo> keys)
    {
        var sheet = new Sheet(
            new Column("ID"),
            new Column("NAME"),
            new Column("ENDS IN", Spare: 3),
            new Column("ROLE", Spare: 2),
            new Column("STATUS"),
            new Column("OWNER", Spare: 4),
            new Column("EXPIRES", Spare: 5),
            new Column("LAST USED", Spare: 1)
        );
        foreach (var key in keys)
        {
            Cell[] cells =
            [
                key.Id,
                key.Name,
                "…" + key.LastFour,
                key.Role,
                key.Status,
                string.Join(
                    ", ",
                    new[] { key.UserId, key.TeamId, key.WorkspaceId }.OfType<string>()
                ),
                Time(terminal, key.ExpiresAt),
                Time(terminal, key.LastUsedAt),
            ];
            if (key.Status == "active")
                sheet.Add(cells);
            else
                sheet.AddDim(cells);
        }
        sheet.Write(terminal);
        if (keys.Count == 0)
            terminal.Remark("There are no keys: dragoman keys create NAME --role admin");
    }

    /// <summary>The secret alone goes to the output, so that a script can take it.</summary>
    public static void TellSecret(Terminal terminal, NewKeyInfo key, string what)
    {
        terminal.Line(key.Secret);
        terminal.Remark(
            $"{key.Id} ({key.Name}, {key.Role}) {what}: it is shown this once and kept nowhere."
        );
        if (key.FormerSecretUntil is { } until)
            terminal.Remark($"The old one counts until {Time(terminal, until)}.");
    }

    private static string Time(Terminal terminal, DateTimeOffset? time) =>
        time is not { } known ? ""
        : terminal.IsOutShown
            ? known.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
        : known.ToString("O", CultureInfo.InvariantCulture);
}
