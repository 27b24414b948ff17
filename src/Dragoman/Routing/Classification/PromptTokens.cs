using System.Globalization;

namespace Dragoman.Routing.Classification;

/// <summary>A word, a number, or one character of a script that writes no spaces.</summary>
internal readonly record struct PromptToken(int Start, int Length, uint Hash, int Line)
{
    public int End => Start + Length;
}

/// <summary>Cuts a text into tokens, folded (see <see cref="TextFold"/>) and hashed.</summary>
internal static class PromptTokens
{
    /// <summary>The hash of every number.</summary>
    public const uint Number = 0x2F0B4C47;

    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>Cuts <paramref name="text"/>; what does not fit into <paramref name="tokens"/> is left out.</summary>
    public static int Cut(ReadOnlySpan<char> text, Span<PromptToken> tokens)
    {
        var count = 0;
        var line = 0;
        for (var i = 0; i < text.Length && count < tokens.Length; )
        {
            var c = text[i];
            if (c == '\n')
                line++;
            if (!IsWordChar(c))
            {
                i++;
                continue;
            }
            var start = i;
            if (StandsAlone(c))
            {
                i++;
                tokens[count++] = new(start, 1, Step(Basis, TextFold.Of(c)), line);
                continue;
            }
            var hash = Basis;
            var digits = true;
            while (i < text.Length && IsWordChar(text[i]) && !StandsAlone(text[i]))
            {
                digits &= char.IsDigit(text[i]);
                hash = Step(hash, TextFold.Of(text[i++]));
            }
            // c++ and c# are words; everywhere else the signs are punctuation.
            if (i - start == 1 && (c | 0x20) is 'c' or 'f')
            {
                while (i < text.Length && i - start < 3 && text[i] is '+' or '#')
                    hash = Step(hash, text[i++]);
            }
            tokens[count++] = new(start, i - start, digits ? Number : hash, line);
        }
        return count;
    }

    /// <summary>One more character of a word.</summary>
    public static uint Step(uint hash, char folded) => (hash ^ folded) * Prime;

    /// <summary>The hash of a word that is folded already.</summary>
    public static uint HashOf(ReadOnlySpan<char> folded)
    {
        var hash = Basis;
        foreach (var c in folded)
            hash = Step(hash, c);
        return hash;
    }

    /// <summary>The hash of one thing after another.</summary>
    public static uint Join(uint first, uint second)
    {
        var hash = (first * 0x9E3779B1) ^ second;
        hash ^= hash >> 15;
        return (hash * 0x85EBCA6B) ^ (hash >> 13);
    }

    /// <summary>Scripts that write no spaces: each character is a token.</summary>
    public static bool StandsAlone(char c) =>
        c >= '\u0E00'
        && (
            c
            is >= '\u0E00'
                and <= '\u0EFF' // Thai, Lao
                or >= '\u1000'
                and <= '\u109F' // Burmese
                or >= '\u1780'
                and <= '\u17FF' // Khmer
                or >= '\u3040'
                and <= '\u30FF' // kana
                or >= '\u3400'
                and <= '\u9FFF' // Han
                or >= '\uF900'
                and <= '\uFAFF'
        );

    private static bool IsWordChar(char c)
    {
        if (c < 128)
            return char.IsAsciiLetterOrDigit(c);
        return CharUnicodeInfo.GetUnicodeCategory(c)
            is UnicodeCategory.LowercaseLetter
                or UnicodeCategory.UppercaseLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark;
    }
}
