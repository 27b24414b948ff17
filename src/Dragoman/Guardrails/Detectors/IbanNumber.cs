using System.Collections.Frozen;

namespace Dragoman.Guardrails.Detectors;

/// <summary>Account numbers by ISO 13616: a country, the length it has there, and the remainder by 97.</summary>
internal static class IbanNumber
{
    // SWIFT's IBAN registry.
    private static readonly FrozenDictionary<string, int> Lengths = (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 "
        + "FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 "
        + "LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 "
        + "SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
    )
        .Split(' ')
        .ToFrozenDictionary(
            static entry => entry[..2],
            static entry => int.Parse(entry.AsSpan(2), provider: null),
            StringComparer.Ordinal
        );

    private static readonly FrozenDictionary<string, int>.AlternateLookup<
        ReadOnlySpan<char>
    > ByCountry = Lengths.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many characters of a row of capitals and digits (with blanks between some) are an IBAN; 0 where it begins with none.</summary>
    public static int LengthOf(ReadOnlySpan<char> row, char behind)
    {
        if (!ByCountry.TryGetValue(row[..2], out var length))
            return 0;
        Span<char> letters = stackalloc char[length];
        var (count, end) = (0, 0);
        for (; end < row.Length && count < length; end++)
            if (row[end] != ' ')
                letters[count++] = row[end];
        var next = end < row.Length ? row[end] : behind;
        return count == length && !char.IsLetterOrDigit(next) && Remainder(letters) == 1 ? end : 0;
    }

    /// <summary>The first four at the end, letters as 10 to 35, taken as one number.</summary>
    private static int Remainder(ReadOnlySpan<char> letters)
    {
        var remainder = 0;
        for (var i = 0; i < letters.Length; i++)
        {
            var letter = letters[(i + 4) % letters.Length];
            remainder = char.IsAsciiDigit(letter)
                ? (remainder * 10 + (letter - '0')) % 97
                : (remainder * 100 + (letter - 'A' + 10)) % 97;
        }
        return remainder;
    }
}
