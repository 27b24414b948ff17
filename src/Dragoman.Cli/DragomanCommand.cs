using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Dragoman.Canonical;
using Dragoman.Cli.Commands;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli;

/// <summary>The whole command line: its verbs, and what happens when it makes no sense.</summary>
internal static class DragomanCommand
{
    /// <summary>Not a RootCommand: that one goes by the name of the assembly, and the command is called otherwise.</summary>
    public static Command Create(Terminal terminal)
    {
        var help = new HelpOption();
        help.Action = new HelpWithCodes((HelpAction)help.Action!);
        var dragoman = new Command("dragoman", "One door to every language model.")
        {
            ServeCommand.Create(),
            AskCommand.Create(terminal),
            ChatCommand.Create(terminal),
            CompareCommand.Create(terminal),
            EmbedCommand.Create(terminal),
            ClassifyCommand.Create(terminal),
            RouteCommand.Create(terminal),
            RecommendCommand.Create(terminal),
            FeedbackCommand.Create(terminal),
            ModelsCommand.Create(terminal),
            ProvidersCommand.Create(terminal),
            KeysCommand.Create(terminal),
            HealthCommand.Create(terminal),
            UsageCommand.Create(terminal),
            StatsCommand.Create(terminal),
            RequestsCommand.Create(terminal),
            ChainsCommand.Create(terminal),
            AuditCommand.Create(terminal),
            ConfigCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            CompletionCommand.Create(terminal),
            help,
            new VersionOption(),
        };
        dragoman.Add(CompleteCommand.Create(terminal, dragoman));
        return dragoman;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal)
    {
        var dragoman = Create(terminal);
        var parsed = dragoman.Parse(args);
        if (args.Count == 0)
        {
            await ShowAsync(dragoman.Parse(["--help"]), terminal.Error, terminal.Error);
            return ExitCodes.WrongUsage;
        }
        if (parsed is { Errors.Count: > 0, Action: null or ParseErrorAction })
            return Refuse(parsed, terminal);
        return await ShowAsync(parsed, terminal.Out, terminal.Error);
    }

    /// <summary>The server ends by itself when it is told to, after its streams have: nobody else is to cut it short.</summary>
    private static Task<int> ShowAsync(ParseResult parsed, TextWriter output, TextWriter error) =>
        parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = output,
                Error = error,
                ProcessTerminationTimeout = null,
            }
        );

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        var command = parsed.CommandResult;
        var meant =
            parsed.UnmatchedTokens.Count > 0
                ? NearestName.Of(parsed.UnmatchedTokens[0], WordsOf(command))
                : null;
        terminal.Tell(
            (
                parsed.UnmatchedTokens is [var odd, ..]
                    ? $"there is no {(odd.StartsWith('-') ? "option" : "command")} '{odd}' here"
                    : parsed.Errors[0].Message.TrimEnd('.')
            ) + (meant is null ? "" : $"; did you mean '{meant}'?"),
            $"How it is used: {PathOf(command)} --help"
        );
        return ExitCodes.WrongUsage;
    }

    /// <summary>E.g. <c>dragoman models show</c>.</summary>
    public static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent
            ? PathOf(parent) + " " + command.Command.Name
            : command.Command.Name;

    private static IEnumerable<string> WordsOf(CommandResult command) =>
        command
            .Command.Subcommands.Where(static verb => !verb.Hidden)
            .Select(static verb => verb.Name)
            .Concat(command.Command.Options.Select(static option => option.Name));

    /// <summary>The help as it is, and below it what scripts want to know.</summary>
    private sealed class HelpWithCodes(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(
                """
                Exit codes:
                  0  done      1  failed, or a check found something
                  2  wrong use      3  no server answers      130  stopped by Ctrl-C

                """
            );
            return code;
        }
    }
}
