using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Ids of tool calls as the target takes them. One that wants ids of one length gets them made from what they were, so that call
/// and result still have the same, in the next request too.
/// </summary>
internal static class OpenAIToolIds
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static JsonText Fit(JsonText id, OpenAITarget target)
    {
        if (
            target.Habits.ToolIdLength is not { } length
            || id.IsEmpty
            || IsFit(id.Escaped.Span, length)
        )
            return id;
        target.Losses.Translated(
            "tool_call_id",
            string.Create(CultureInfo.InvariantCulture, $"{length} letters")
        );
        return JsonText.Of(Shorten(id.ToString(), length));
    }

    /// <summary>Whether an id is that many letters and digits.</summary>
    public static bool IsFit(ReadOnlySpan<byte> id, int length)
    {
        foreach (var letter in id)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter))
                return false;
        }
        return id.Length == length;
    }

    private static string Shorten(string id, int length)
    {
        var number = new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes(id)), isUnsigned: true);
        var letters = new char[length];
        for (var i = 0; i < length; i++)
        {
            number = BigInteger.DivRem(number, Letters.Length, out var letter);
            letters[i] = Letters[(int)letter];
        }
        return new string(letters);
    }
}
