using System.Security.Cryptography;

namespace Dragoman.Access;

/// <summary>A key's id: no secret, in the order in which keys are made. It is what usage records name as their caller.</summary>
internal static class KeyId
{
    public const string Prefix = "key_";

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TimeLength = 11;
    private const int RandomLength = 5;

    /// <param name="microseconds">Since 1970; later for every key.</param>
    public static string Make(long microseconds)
    {
        Span<char> text = stackalloc char[Prefix.Length + TimeLength + RandomLength];
        Prefix.CopyTo(text);
        var rest = microseconds;
        for (var i = TimeLength - 1; i >= 0; i--, rest >>= 5)
            text[Prefix.Length + i] = Alphabet[(int)(rest & 31)];
        RandomNumberGenerator.GetItems(Alphabet, text[^RandomLength..]);
        return text.ToString();
    }
}
