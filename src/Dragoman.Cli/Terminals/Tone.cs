using Spectre.Console;

namespace Dragoman.Cli.Terminals;

/// <summary>How a text is shown to a person, by what it says.</summary>
internal enum Tone
{
    Plain,
    Dim,
    Strong,
    Good,
    Doubtful,
    Bad,
}

/// <summary>Tones as terminals know them.</summary>
internal static class Tones
{
    public static Style Style(this Tone tone) =>
        tone switch
        {
            Tone.Dim => new Style(decoration: Decoration.Dim),
            Tone.Strong => new Style(decoration: Decoration.Bold),
            Tone.Good => new Style(Color.Green),
            Tone.Doubtful => new Style(Color.Olive),
            Tone.Bad => new Style(Color.Maroon),
            _ => Spectre.Console.Style.Plain,
        };

    /// <summary>The text between the codes that switch the tone on and off (ECMA-48); for lines that are not to be wrapped.</summary>
    public static string Paint(this Tone tone, string text)
    {
        var code = tone switch
        {
            Tone.Dim => "2",
            Tone.Strong => "1",
            Tone.Good => "32",
            Tone.Doubtful => "33",
            Tone.Bad => "31",
            _ => null,
        };
        return code is null ? text : $"\e[{code}m{text}\e[0m";
    }
}
