using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Dragoman.Canonical;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary>
/// The text a command is given: words of the command line, what is piped in where they say <c>-</c> or say nothing, and files.
/// Beside other words, what is piped is left alone: in a loop it may be somebody else's.
/// </summary>
internal static partial class PromptText
{
    private const long MaxFileBytes = 32L * 1024 * 1024;

    /// <exception cref="CommandFailure">There is nothing, or a word was meant for an option.</exception>
    public static async Task<string> ReadAsync(
        Terminal terminal,
        ParseResult parsed,
        IReadOnlyList<string> words,
        IReadOnlyList<string> files,
        CancellationToken cancellationToken
    )
    {
        CheckWords(parsed, words);
        var parts = new List<string>();
        if (words.Count > 0 && !words.Contains("-"))
            parts.Add(string.Join(' ', words));
        else if (words.Count > 0 || files.Count == 0)
            parts.Add(await WithInputAsync(terminal, words, cancellationToken));
        foreach (var file in files)
            parts.Add(await FileAsync(file, cancellationToken));
        var text = string.Join("\n\n", parts.Where(static part => part.Length > 0));
        return string.IsNullOrWhiteSpace(text)
            ? throw CommandFailure.Usage(
                "there is nothing to ask: the text is empty",
                "dragoman ask \"Why is the sky blue?\""
            )
            : text;
    }

    /// <summary>An option that is written wrongly would else be sent to a model as a part of the prompt.</summary>
    public static void CheckWords(ParseResult parsed, IReadOnlyList<string> words)
    {
        if (
            parsed.Tokens.Any(static token => token.Type == TokenType.DoubleDash)
            || words.FirstOrDefault(static word => LikeAnOption().IsMatch(word)) is not { } odd
        )
            return;
        var near = NearestName.Of(
            odd,
            parsed.CommandResult.Command.Options.Select(static option => option.Name)
        );
        throw CommandFailure.Usage(
            $"there is no option {odd}" + (near is null ? "" : $"; did you mean {near}?"),
            "A text that begins with a dash goes behind --, e.g. dragoman ask -- --help me"
        );
    }

    public static async Task<string> InputAsync(
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        if (terminal.IsInTyped)
            terminal.Remark("Reading what you type; Ctrl-D ends it.");
        return (await terminal.In.ReadToEndAsync(cancellationToken)).TrimEnd('\r', '\n');
    }

    public static async Task<string> FileAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw CommandFailure.Usage($"there is no file {path}");
        if (file.Length > MaxFileBytes)
            throw CommandFailure.Usage($"{path} is larger than 32 MiB");
        var text = await File.ReadAllTextAsync(path, cancellationToken);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw CommandFailure.Usage($"{path} is not a text")
            : text.TrimEnd('\r', '\n');
    }

    private static async Task<string> WithInputAsync(
        Terminal terminal,
        IReadOnlyList<string> words,
        CancellationToken cancellationToken
    )
    {
        if (words.Count == 0 && terminal.IsInTyped)
            throw CommandFailure.Usage(
                "say what to ask",
                "dragoman ask \"Why is the sky blue?\", or pipe it in; a conversation: dragoman chat"
            );
        var input = await InputAsync(terminal, cancellationToken);
        return words.Count == 0
            ? input
            : string.Join('\n', Pieces(words).Select(piece => piece == "-" ? input : piece));
    }

    /// <summary>Words between the dashes belong together.</summary>
    private static IEnumerable<string> Pieces(IReadOnlyList<string> words)
    {
        var from = 0;
        for (var i = 0; i <= words.Count; i++)
        {
            if (i < words.Count && words[i] != "-")
                continue;
            if (i > from)
                yield return string.Join(' ', words.Skip(from).Take(i - from));
            if (i < words.Count)
                yield return "-";
            from = i + 1;
        }
    }

    [GeneratedRegex("^--?[A-Za-z][A-Za-z-]*(=.*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LikeAnOption();
}
