using System.Globalization;
using System.Text;

namespace Dragoman.Routing.Conditions;

internal enum TokenKind
{
    End,
    Name,
    Number,
    Text,
    Sign,
}

/// <summary>A word of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it is written; of a text what stands between its quotes.</param>
/// <param name="Position">Where it begins, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public double Number { get; init; }

    public string Told =>
        Kind switch
        {
            TokenKind.End => "the end",
            TokenKind.Text => "a text",
            _ => $"'{Text}'",
        };
}

/// <summary>Cuts an expression into words.</summary>
internal static class ExpressionLexer
{
    private static readonly string[] Signs =
    [
        "==",
        "!=",
        "<=",
        ">=",
        "&&",
        "||",
        "<",
        ">",
        "!",
        "(",
        ")",
        "[",
        "]",
        ",",
        "+",
        "-",
        "*",
        "/",
    ];

    /// <exception cref="ExpressionException">A letter that begins nothing, or a text without an end.</exception>
    public static List<Token> Cut(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < text.Length; )
        {
            var letter = text[i];
            if (char.IsWhiteSpace(letter))
                i++;
            else if (char.IsAsciiLetter(letter) || letter == '_')
                tokens.Add(Name(text, ref i));
            else if (char.IsAsciiDigit(letter))
                tokens.Add(Number(text, ref i));
            else if (letter is '"' or '\'')
                tokens.Add(Quoted(text, ref i));
            else
                tokens.Add(Sign(text, ref i));
        }
        tokens.Add(new Token(TokenKind.End, "", text.Length + 1));
        return tokens;
    }

    private static Token Name(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_'))
            i++;
        return new Token(TokenKind.Name, text[start..i], start + 1);
    }

    private static Token Number(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] is '.' or '_'))
            i++;
        var digits = text[start..i];
        return double.TryParse(
            digits.Replace("_", "", StringComparison.Ordinal),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? new Token(TokenKind.Number, digits, start + 1) { Number = number }
            : throw new ExpressionException(start + 1, $"'{digits}' is no number");
    }

    private static Token Quoted(string text, ref int i)
    {
        var (start, quote) = (i, text[i]);
        var said = new StringBuilder();
        for (i++; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                i++;
                return new Token(TokenKind.Text, said.ToString(), start + 1);
            }
            // Before a quote or another backslash it makes them plain; before all else it stands for itself, as patterns need it.
            if (
                text[i] == '\\'
                && i + 1 < text.Length
                && (text[i + 1] == quote || text[i + 1] == '\\')
            )
                i++;
            said.Append(text[i]);
        }
        throw new ExpressionException(
            start + 1,
            $"the text that begins here has no end: {quote} is missing"
        );
    }

    private static Token Sign(string text, ref int i)
    {
        foreach (var sign in Signs)
            if (string.CompareOrdinal(text, i, sign, 0, sign.Length) == 0)
            {
                i += sign.Length;
                return new Token(TokenKind.Sign, sign, i - sign.Length + 1);
            }
        throw new ExpressionException(
            i + 1,
            text[i] == '=' ? "'=' is no comparison: write ==" : $"'{text[i]}' has no meaning here"
        );
    }
}

/// <summary>What is wrong with an expression, and where.</summary>
/// <param name="position">The letter, from 1.</param>
/// <param name="message">What is wrong, and what was expected.</param>
internal sealed class ExpressionException(int position, string message) : Exception(message)
{
    public int Position => position;
}
