using System.Globalization;

namespace Dragoman.TestKit.Money;

/// <summary>Works out a sum as it is written in a case: numbers, <c>*</c>, <c>/</c> and <c>+</c>, in decimal.</summary>
public static class HandSum
{
    /// <summary>What the sum in millionths of a dollar is in nano-dollars, rounded half to even, and no more than 64 bits hold.</summary>
    public static long? NanoUsd(string? sum) =>
        sum is null ? null
        : Of(sum) * 1000 is var nanos && nanos >= long.MaxValue ? long.MaxValue
        : (long)Math.Round(nanos, MidpointRounding.ToEven);

    /// <summary>The sum itself.</summary>
    public static decimal Of(string sum) => sum.Split('+').Sum(Product);

    private static decimal Product(string text)
    {
        var words = text.Replace("*", " * ", StringComparison.Ordinal)
            .Replace("/", " / ", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var product = Number(words[0]);
        for (var i = 1; i < words.Length; i += 2)
            product = words[i] switch
            {
                "*" => product * Number(words[i + 1]),
                "/" => product / Number(words[i + 1]),
                var other => throw new FormatException($"'{other}' in {text}"),
            };
        return product;
    }

    private static decimal Number(string text) =>
        decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
