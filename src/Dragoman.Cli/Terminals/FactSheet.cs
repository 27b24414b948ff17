namespace Dragoman.Cli.Terminals;

/// <summary>What is known of one thing: a name and a value a line. What nobody knows is left out.</summary>
internal static class FactSheet
{
    private const int NameWidth = 16;

    public static void Fact(this Terminal terminal, string name, string? value)
    {
        if (value is null or "" or Figures.Unknown)
            return;
        if (terminal.IsOutShown)
            terminal.Marked((name + " ").PadRight(NameWidth - 1), Tone.Dim, value);
        else
            terminal.Line(name.ToLowerInvariant() + "\t" + value.ReplaceLineEndings(" "));
    }
}
