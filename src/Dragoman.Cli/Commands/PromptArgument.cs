using System.CommandLine;
using Dragoman.Canonical;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary>The prompt of commands that look at one: words, what is piped in, and files.</summary>
internal static class PromptArgument
{
    public static Argument<string[]> Create() =>
        new("PROMPT")
        {
            Description = "The prompt; - stands for what is piped in",
            Arity = ArgumentArity.ZeroOrMore,
        };

    public static Option<string[]> Files() =>
        new("--file", "-f")
        {
            Description = "Add the text of this file; may be repeated",
            HelpName = "FILE",
        };

    /// <exception cref="CommandFailure">There is nothing, or a word was meant for an option.</exception>
    public static async Task<IReadOnlyList<Message>> ReadAsync(
        Terminal terminal,
        ParseResult parsed,
        Argument<string[]> words,
        Option<string[]> files,
        CancellationToken stop
    ) =>
        [
            Message.OfText(
                MessageRole.User,
                await PromptText.ReadAsync(
                    terminal,
                    parsed,
                    parsed.GetValue(words) ?? [],
                    parsed.GetValue(files) ?? [],
                    stop
                )
            ),
        ];
}
