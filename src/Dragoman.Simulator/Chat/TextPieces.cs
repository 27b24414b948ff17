using System.Text;

namespace Dragoman.Simulator.Chat;

/// <summary>Text cut into what stands for tokens here: a word of at most twelve letters or one sign, with the blanks before it.</summary>
internal static class TextPieces
{
    private const int LongestWord = 12;

    public static List<string> Split(string text)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length; )
        {
            var length = Next(text.AsSpan(at));
            pieces.Add(text.Substring(at, length));
            at += length;
        }
        return pieces;
    }

    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; !text.IsEmpty; count++)
            text = text[Next(text)..];
        return count;
    }

    /// <summary>The first words of a text, as they stand.</summary>
    public static string FirstWords(string text, int words)
    {
        var parts = text.Split(
            (char[]?)null,
            words + 1,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return string.Join(' ', parts.Take(words)) + (parts.Length > words ? " …" : "");
    }

    /// <summary>The length of the first piece; never cuts between two surrogates.</summary>
    private static int Next(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && char.IsWhiteSpace(text[end]))
            end++;
        if (end == text.Length)
            return end;
        Rune.DecodeFromUtf16(text[end..], out var rune, out var used);
        end += used;
        if (!Rune.IsLetterOrDigit(rune))
            return end;
        for (var letters = 1; letters < LongestWord && end < text.Length; letters++)
        {
            Rune.DecodeFromUtf16(text[end..], out rune, out used);
            if (!Rune.IsLetterOrDigit(rune))
                break;
            end += used;
        }
        return end;
    }
}
