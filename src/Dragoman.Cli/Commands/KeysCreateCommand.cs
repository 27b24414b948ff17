using System.CommandLine;
using System.Globalization;
using Dragoman.Access;
using Dragoman.Administration;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman keys create</c>: makes a key and shows its secret, once.</summary>
internal static class KeysCreateCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "What people call it" };
        var role = ChoiceOption.Of(
            "--role",
            "What it may do (default: inference, which calls models; the first key must be admin)",
            "ROLE",
            [.. Enum.GetValues<Role>().Select(KeyInfo.WordOf)]
        );
        var user = Text("--user", "The user it belongs to", "ID");
        var team = Text("--team", "The team it belongs to", "ID");
        var workspace = Text("--workspace", "The workspace all its calls are of", "ID");
        var tier = Text("--tier", "The tier all its calls are of", "TIER");
        var tags = Texts("--tag", "A tag all its calls bear; may be said again", "TAG");
        var models = Texts(
            "--model",
            "A model it may call, e.g. openai/gpt-4o or anthropic/*; may be said again (default: all)",
            "PATTERN"
        );
        var providers = Texts(
            "--provider",
            "A provider it may use; may be said again (default: all)",
            "PATTERN"
        );
        var routes = Texts(
            "--route",
            "A route, alias, chain:… or agent:… it may ask for; may be said again (default: all)",
            "PATTERN"
        );
        var addresses = Texts(
            "--ip",
            "An address or network it may be used from, e.g. 10.0.0.0/8; may be said again (default: all)",
            "CIDR"
        );
        var metadata = Texts("--meta", "NAME=VALUE to be kept with it; may be said again", "PAIR");
        var expires = new Option<string?>("--expires")
        {
            Description =
                "When it ends: after a span such as 30d, or at a time such as 2027-01-31T00:00:00Z (default: never)",
            HelpName = "WHEN",
        };
        var json = JsonOption.Create();
        var command = new Command("create", "Make a key; its secret is shown once")
        {
            name,
            role,
            user,
            team,
            workspace,
            tier,
            tags,
            models,
            providers,
            routes,
            addresses,
            expires,
            metadata,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var wish = new KeyWish
                {
                    Name = parsed.GetValue(name)!,
                    Role = parsed.GetValue(role),
                    User = parsed.GetValue(user),
                    Team = parsed.GetValue(team),
                    Workspace = parsed.GetValue(workspace),
                    Tier = parsed.GetValue(tier),
                    Tags = parsed.GetValue(tags) ?? [],
                    Models = parsed.GetValue(models) ?? [],
                    Providers = parsed.GetValue(providers) ?? [],
                    Routes = parsed.GetValue(routes) ?? [],
                    Addresses = parsed.GetValue(addresses) ?? [],
                    Metadata = [.. (parsed.GetValue(metadata) ?? []).Select(Pair)],
                    ExpiresAt = parsed.GetValue(expires) is { } when ? Time(when) : null,
                };
                await using var link = await connection.ToKeysAsync(parsed, stop);
                var key = await link.MakeAsync(wish, stop);
                if (parsed.GetValue(json))
                    terminal.Json(key, KeysJson.Readable.NewKeyInfo);
                else
                    KeySheet.TellSecret(terminal, key, "is made");
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Option<string?> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };

    private static Option<string[]?> Texts(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };

    private static KeyValuePair<string, string> Pair(string said)
    {
        var equals = said.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(said[..equals], said[(equals + 1)..])
            : throw CommandFailure.Usage($"--meta is '{said}'; it must be NAME=VALUE");
    }

    private static DateTimeOffset Time(string when)
    {
        if (SpanOption.Read(when) is { } span)
            return DateTimeOffset.UtcNow + span;
        return DateTimeOffset.TryParse(
            when,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : throw CommandFailure.Usage(
                $"--expires is '{when}'; it must be a span such as 30d or a time such as 2027-01-31T00:00:00Z"
            );
    }
}
