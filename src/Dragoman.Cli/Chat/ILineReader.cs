using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Chat;

/// <summary>Where the lines of a conversation come from: a person's keys, or whatever is piped in.</summary>
internal interface ILineReader
{
    /// <summary>The next line; null at the end.</summary>
    string? Read(string prompt);

    /// <summary>Ctrl-C was pressed while a line is read.</summary>
    void Interrupted();
}

/// <summary>Lines that are piped in.</summary>
internal sealed class PipedLines(TextReader input) : ILineReader
{
    public string? Read(string prompt) => input.ReadLine();

    /// <summary>Nobody types: there is nobody to tell.</summary>
    public void Interrupted() { }
}

/// <summary>Which of them it is.</summary>
internal static class LineReaders
{
    public static ILineReader For(Terminal terminal) =>
        terminal is { IsInTyped: true, IsOutShown: true, MayColour: true }
            ? new TypedLines(
                new TerminalKeys(terminal.Out),
                static () => Console.ReadKey(intercept: true)
            )
            : new PipedLines(terminal.In);
}
