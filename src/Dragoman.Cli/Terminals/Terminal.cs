using Dragoman.Cli.Links;
using Spectre.Console;

namespace Dragoman.Cli.Terminals;

/// <summary>
/// What surrounds a command: where it reads and writes, and whether a person looks at it. Answers and data go to <see cref="Out"/>,
/// everything said about them to <see cref="Error"/>.
/// </summary>
internal sealed class Terminal
{
    private const int UsualWidth = 80;
    private readonly Lazy<IAnsiConsole> _screen;
    private readonly Lazy<IAnsiConsole> _notes;

    public Terminal()
    {
        _screen = new Lazy<IAnsiConsole>(() => ConsoleOn(Out!, IsOutShown));
        _notes = new Lazy<IAnsiConsole>(() => ConsoleOn(Error!, IsErrorShown));
    }

    public required TextReader In { get; init; }
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>Somebody types.</summary>
    public bool IsInTyped { get; init; }

    /// <summary>What goes to <see cref="Out"/> is shown to somebody, rather than piped or kept.</summary>
    public bool IsOutShown { get; init; }

    /// <summary>What goes to <see cref="Error"/> is shown to somebody.</summary>
    public bool IsErrorShown { get; init; }

    /// <summary>Columns of the screen.</summary>
    public int Width { get; init; } = UsualWidth;

    /// <summary>Where a server is looked for when none is named.</summary>
    public Uri UsualServer { get; init; } = ServerAddress.Usual;

    public Func<string, string?> Environment { get; init; } =
        System.Environment.GetEnvironmentVariable;

    /// <summary><see cref="Out"/> for tables and colours.</summary>
    public IAnsiConsole Screen => _screen.Value;

    /// <summary><see cref="Error"/> for notes, and for what moves while one waits.</summary>
    public IAnsiConsole Notes => _notes.Value;

    /// <summary>Colours and everything that moves; see no-color.org.</summary>
    public bool MayColour =>
        Environment("NO_COLOR") is null or ""
        && !string.Equals(Environment("TERM"), "dumb", StringComparison.Ordinal);

    public static Terminal OfProcess() =>
        new()
        {
            In = Console.In,
            Out = Console.Out,
            Error = Console.Error,
            IsInTyped = !Console.IsInputRedirected,
            IsOutShown = !Console.IsOutputRedirected,
            IsErrorShown = !Console.IsErrorRedirected,
            Width = Console.IsOutputRedirected ? UsualWidth : WidthOfWindow(),
        };

    /// <summary>Says what went wrong, and what would help.</summary>
    public void Tell(string message, string? remedy = null)
    {
        Error.Write(Painted("dragoman: ", Tone.Bad, IsErrorShown));
        Error.WriteLine(SafeText.Of(message, IsErrorShown));
        if (remedy is not null)
            Error.WriteLine(SafeText.Of(remedy, IsErrorShown));
    }

    /// <summary>A remark that only a person wants: dim, and nothing where nobody looks.</summary>
    public void Remark(string line)
    {
        if (IsErrorShown)
            Error.WriteLine(Painted(line, Tone.Dim, isShown: true));
    }

    /// <summary>A line of what was asked for.</summary>
    public void Line(string line, Tone tone = Tone.Plain) =>
        Out.WriteLine(Painted(line, tone, IsOutShown));

    /// <summary>A line behind a sign; on a screen its further rows stand below its first.</summary>
    public void Marked(string sign, Tone tone, string line)
    {
        var rows = IsOutShown
            ? Wrapping.Rows(SafeText.Of(line, isShown: true), Width - sign.Length - 1)
            : [line];
        for (var i = 0; i < rows.Count; i++)
            Out.WriteLine(
                (i == 0 ? Painted(sign, tone, IsOutShown) : new string(' ', sign.Length))
                    + " "
                    + rows[i]
            );
    }

    private string Painted(string text, Tone tone, bool isShown)
    {
        var safe = SafeText.Of(text, isShown);
        return isShown && MayColour ? tone.Paint(safe) : safe;
    }

    private IAnsiConsole ConsoleOn(TextWriter writer, bool isShown)
    {
        var mayColour = isShown && MayColour;
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = mayColour ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = mayColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = mayColour ? InteractionSupport.Yes : InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = Width;
        return console;
    }

    private static int WidthOfWindow()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }
}
