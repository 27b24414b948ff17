using System.Text.RegularExpressions;
using Dragoman.Guardrails.Text;

namespace Dragoman.Guardrails.Detectors;

/// <summary>How data about people looks in a text.</summary>
internal static partial class PersonalData
{
    /// <summary>Milliseconds: none of them goes back over a text, so that nothing known reaches it.</summary>
    private const int Patience = 1000;

    public static readonly TextShape Email = new("email", EmailAddress(), 270)
    {
        MayHold = static c =>
            char.IsLetterOrDigit(c) || c is '.' or '_' or '%' or '+' or '-' or '@',
    };

    /// <summary>International numbers, and national ones as they are usually grouped; a row of digits alone is none.</summary>
    public static readonly TextShape Phone = new("phone", PhoneNumber(), 64)
    {
        MayHold = static c =>
            char.IsAsciiDigit(c) || c is '+' or ' ' or '(' or ')' or '-' or '/' or '.',
        Accept = static (match, _) => PhoneLength(match),
    };

    public static readonly TextShape Card = new("card", DigitsOfCard(), 39)
    {
        MayHold = static c => char.IsAsciiDigit(c) || c is ' ' or '-',
        Accept = CardNumber.LengthOf,
    };

    public static readonly TextShape Iban = new("iban", LettersOfIban(), 68)
    {
        MayHold = static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c) || c is ' ',
        Accept = IbanNumber.LengthOf,
    };

    /// <summary>With fewer than seven digits it is some other number, with more than fifteen too (ITU-T E.164).</summary>
    private static int PhoneLength(ReadOnlySpan<char> match)
    {
        var digits = 0;
        foreach (var unit in match)
            if (char.IsAsciiDigit(unit))
                digits++;
        return digits is >= 7 and <= 15 ? match.Length : 0;
    }

    // Local part 64, labels 63 characters (RFC 5321, 1035); the whole is 254 at most.
    [GeneratedRegex(
        @"(?<![\w.%+-])[\p{L}\p{Nd}_%+-][\p{L}\p{Nd}._%+-]{0,63}@(?:[\p{L}\p{Nd}](?:[\p{L}\p{Nd}-]{0,30}[\p{L}\p{Nd}])?\.){1,5}\p{L}{2,24}(?![\p{L}\p{Nd}])",
        RegexOptions.CultureInvariant,
        Patience
    )]
    private static partial Regex EmailAddress();

    // +49 30 1234567 · 0049… · (415) 555-2671 · 415-555-2671 · 030 1234567 · 0171/1234567 · 01 23 45 67 89
    [GeneratedRegex(
        @"(?<![\w+.])(?:(?:\+|00)[1-9](?:[ .\-/]?\(?\d\)?){6,14}|(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])[2-9]\d\d[-.]\d{4}|0[1-9]\d{1,4}[ /-]\d{3,4}(?:[ -]?\d{2,4}){1,2}|0[1-9](?:[ .]\d\d){4})(?![\w])(?![-.]\d)",
        RegexOptions.CultureInvariant,
        Patience
    )]
    private static partial Regex PhoneNumber();

    [GeneratedRegex(@"(?<![\w.+])\d(?:[ -]?\d){12,18}", RegexOptions.CultureInvariant, Patience)]
    private static partial Regex DigitsOfCard();

    [GeneratedRegex(
        @"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z0-9]){11,30}",
        RegexOptions.CultureInvariant,
        Patience
    )]
    private static partial Regex LettersOfIban();
}
