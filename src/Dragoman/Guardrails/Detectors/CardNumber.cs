namespace Dragoman.Guardrails.Detectors;

/// <summary>Numbers of payment cards: told from other numbers by their first digits, their length and the Luhn check digit (ISO/IEC 7812).</summary>
internal static class CardNumber
{
    private const int Longest = 19;

    /// <summary>How many characters of a row of digits (with a blank or hyphen between some) are a card's number; 0 where it begins with none.</summary>
    public static int LengthOf(ReadOnlySpan<char> row, char behind)
    {
        Span<byte> digits = stackalloc byte[Longest];
        Span<int> ends = stackalloc int[Longest];
        var count = 0;
        for (var i = 0; i < row.Length && count < Longest; i++)
            if (char.IsAsciiDigit(row[i]))
                (digits[count], ends[count++]) = ((byte)(row[i] - '0'), i + 1);
        for (; count >= 13; count--)
        {
            var next = ends[count - 1] < row.Length ? row[ends[count - 1]] : behind;
            if (
                !char.IsLetterOrDigit(next)
                && IsIssued(digits[..count])
                && PassesLuhn(digits[..count])
            )
                return ends[count - 1];
        }
        return 0;
    }

    /// <summary>The sum with every second digit from the right doubled is a multiple of ten.</summary>
    public static bool PassesLuhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)];
            if (i % 2 == 1)
                digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    // Ranges as the networks publish them: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro.
    private static bool IsIssued(ReadOnlySpan<byte> digits)
    {
        var four = ((digits[0] * 10 + digits[1]) * 10 + digits[2]) * 10 + digits[3];
        return digits.Length switch
        {
            13 => digits[0] == 4,
            14 => four is (>= 3000 and <= 3059) or (>= 3600 and <= 3699) or (>= 3800 and <= 3999),
            15 => four is (>= 3400 and <= 3499) or (>= 3700 and <= 3799),
            16 => digits[0] == 4
                || four
                    is (>= 5000 and <= 5899)
                        or (>= 2221 and <= 2720)
                        or 6011
                        or (>= 6200 and <= 6599)
                        or (>= 3528 and <= 3589)
                        or 6304
                        or (>= 6759 and <= 6763),
            19 => digits[0] == 4 || four is 6011 or (>= 6200 and <= 6599) or (>= 3528 and <= 3589),
            _ => false,
        };
    }
}
