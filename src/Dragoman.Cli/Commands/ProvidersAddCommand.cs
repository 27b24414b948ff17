using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dragoman.Administration;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary>
/// <c>dragoman providers add</c> and <c>providers discover</c>: a new account, and what it has. Its key is read from the standard input or
/// typed, and never an argument, which every process of the machine could read.
/// </summary>
internal static class ProvidersAddCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME")
        {
            Description = "What it is called: a known provider, or a name of your own",
        };
        name.CompletionSources.Add(_ => ProviderNames.All);
        var type = Text("--type", "The known provider that it is an account of", "NAME");
        var dialect = Text("--dialect", "What it speaks, where it is none of those", "DIALECT");
        var address = Text("--base-url", "Where it is", "URL");
        var variable = Text(
            "--api-key-env",
            "The server's environment variable that holds the key",
            "VARIABLE"
        );
        var noKey = new Option<bool>("--no-key") { Description = "It needs no key" };
        var inside = new Option<bool>("--allow-private")
        {
            Description = "Its address is one of the house, and that is meant",
        };
        var command = new Command(
            "add",
            "Let a server store a provider; its key is read from the standard input, or typed"
        )
        {
            name,
            type,
            dialect,
            address,
            variable,
            noKey,
            inside,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var entry = new JsonObject { ["id"] = parsed.GetValue(name) };
                Set(entry, "type", parsed.GetValue(type));
                Set(entry, "dialect", parsed.GetValue(dialect));
                Set(entry, "base_url", parsed.GetValue(address));
                Set(entry, "api_key_env", parsed.GetValue(variable));
                if (parsed.GetValue(inside))
                    entry["allow_private"] = true;
                if (!parsed.GetValue(noKey) && parsed.GetValue(variable) is null)
                    entry["api_keys"] = new JsonArray(KeyFrom(terminal));
                using var client = connection.Admin(parsed);
                await client.AddEntryAsync(
                    "providers",
                    JsonSerializer.SerializeToElement(entry, CommandJson.Default.JsonObject),
                    stop
                );
                terminal.Line($"{parsed.GetValue(name)} is stored.", Tone.Good);
                return Tell(terminal, await client.TestProviderAsync(parsed.GetValue(name)!, stop));
            }
        );
        return command;
    }

    public static Command Discover(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The provider" };
        var take = new Option<string[]>("--take")
        {
            Description = "Models to take as deployments",
            HelpName = "MODEL",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = JsonOption.Create();
        var command = new Command("discover", "Models that a provider says it has")
        {
            name,
            take,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                using var client = connection.Admin(parsed);
                var provider = parsed.GetValue(name)!;
                if (parsed.GetValue(take) is { Length: > 0 } models)
                    return ConfigServerCommands.Tell(
                        terminal,
                        await client.TakeModelsAsync(provider, models, stop),
                        parsed.GetValue(json)
                    );
                var found = await client.DiscoverAsync(provider, stop);
                if (parsed.GetValue(json))
                    terminal.Json(found, ConfigurationJson.Readable.ProviderDiscovery);
                else
                    Print(terminal, found);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static void Print(Terminal terminal, ProviderDiscovery found)
    {
        var sheet = new Sheet(
            new Column("MODEL"),
            new Column("INPUT /1K", IsRight: true, Spare: 1),
            new Column("OUTPUT /1K", IsRight: true, Spare: 1),
            new Column("CONTEXT", IsRight: true, Spare: 2),
            new Column("DEPLOYMENTS")
        );
        foreach (var model in found.Models)
            sheet.Add(
                model.Model,
                Figures.Dollars(model.Known?.Cost?.InputPer1k),
                Figures.Dollars(model.Known?.Cost?.OutputPer1k),
                Figures.Count(model.Known?.ContextWindow),
                string.Join(", ", model.Deployments)
            );
        sheet.Write(terminal);
        if (!found.Complete)
            terminal.Remark("That is the first page of its list; there are more.");
    }

    private static int Tell(Terminal terminal, ProviderTest test)
    {
        if (test.Available is true)
            terminal.Line(
                FormattableString.Invariant($"It answers, within {test.LatencyMs:0} ms."),
                Tone.Good
            );
        else if (test.Error is { } error)
            terminal.Tell(error.Message, error.Remedy);
        else
            terminal.Line($"Not tried: {test.NotProbed ?? "nobody knows"}.", Tone.Doubtful);
        return test.Available is false ? ExitCodes.Failure : ExitCodes.Success;
    }

    /// <summary>Typed unseen, or the first line of what is piped in.</summary>
    private static string KeyFrom(Terminal terminal)
    {
        if (terminal.IsInTyped)
        {
            terminal.Error.Write("Key: ");
            terminal.Error.Flush();
        }
        var key = terminal.IsInTyped ? Unseen(terminal) : terminal.In.ReadLine();
        return key?.Trim() is { Length: > 0 } some
            ? some
            : throw CommandFailure.Usage(
                "no key was given",
                "Pipe it in (… < key.txt), type it, name a variable with --api-key-env, or say --no-key."
            );
    }

    private static string Unseen(Terminal terminal)
    {
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0)
                typed.Length--;
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        terminal.Error.WriteLine();
        return typed.ToString();
    }

    private static void Set(JsonObject entry, string field, string? value)
    {
        if (value is not null)
            entry[field] = value;
    }

    private static Option<string?> Text(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help };
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class CommandJson : System.Text.Json.Serialization.JsonSerializerContext;
