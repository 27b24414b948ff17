using System.Numerics;
using System.Security.Cryptography;

namespace Dragoman.Access;

/// <summary>
/// The text of a key's secret: <c>sk-dm-</c>, 43 random letters and digits (256 bits), and six that check them, so that a key that
/// was mistyped or cut off is told apart without looking for it.
/// </summary>
internal static class KeySecret
{
    public const string Prefix = "sk-dm-";
    public const int Length = 55;

    /// <summary>So much of a secret's end is kept and shown.</summary>
    public const int ShownLength = 4;

    private const int RandomLength = 43;
    private const int CheckLength = 6;
    private const string Alphabet =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A new one, which nobody ever had.</summary>
    public static string Make()
    {
        Span<char> text = stackalloc char[Length];
        Prefix.CopyTo(text);
        RandomNumberGenerator.GetItems(Alphabet, text.Slice(Prefix.Length, RandomLength));
        WriteCheck(text.Slice(Prefix.Length, RandomLength), text[^CheckLength..]);
        return text.ToString();
    }

    /// <summary>It begins as one of ours does, whatever follows.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<char> offered) =>
        offered.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>It is whole: of the right length, of our letters alone, and they check.</summary>
    public static bool IsWhole(ReadOnlySpan<char> offered)
    {
        if (offered.Length != Length || !offered.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var random = offered.Slice(Prefix.Length, RandomLength);
        foreach (var letter in random)
            if (!char.IsAsciiLetterOrDigit(letter))
                return false;
        Span<char> check = stackalloc char[CheckLength];
        WriteCheck(random, check);
        return offered[^CheckLength..].SequenceEqual(check);
    }

    private static void WriteCheck(ReadOnlySpan<char> random, Span<char> check)
    {
        var sum = 0u;
        foreach (var letter in random)
            sum = BitOperations.Crc32C(sum, (byte)letter);
        for (var i = check.Length - 1; i >= 0; i--)
        {
            check[i] = Alphabet[(int)(sum % (uint)Alphabet.Length)];
            sum /= (uint)Alphabet.Length;
        }
    }
}
