using Spectre.Console;

namespace Dragoman.Cli.Chat;

/// <summary>Where a line that is typed is seen.</summary>
internal interface IKeysShown
{
    void Show(string prompt, string line, int cursor);
    void End(string prompt, string line);
    void Hint(string hint);
}

/// <summary>
/// Draws the line that is typed anew after each key, by the few codes every terminal knows (ECMA-48). A line wider than the
/// screen is shown around the cursor.
/// </summary>
internal sealed class TerminalKeys(TextWriter output) : IKeysShown
{
    private string _shown = "";

    public void Show(string prompt, string line, int cursor)
    {
        var room = Math.Max(8, Width() - prompt.Length - 1);
        var from = cursor <= room ? 0 : cursor - room;
        var part = line.Substring(from, Math.Min(room, line.Length - from)).Replace('\n', ' ');
        var back =
            part.GetCellWidth() - part[..Math.Min(part.Length, cursor - from)].GetCellWidth();
        _shown = $"\r\e[2K{prompt}{part}{(back > 0 ? $"\e[{back}D" : "")}";
        output.Write(_shown);
        output.Flush();
    }

    public void End(string prompt, string line)
    {
        output.Write($"\r\e[2K{prompt}{line}\n");
        output.Flush();
    }

    public void Hint(string hint)
    {
        output.Write($"\r\e[2K\e[2m{hint}\e[22m\n{_shown}");
        output.Flush();
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
