using System.Text;
using Dragoman.Configuration.Stored;

namespace Dragoman.Configuration;

/// <summary>Puts environment variables in the place of <c>${NAME}</c>; <c>$${</c> stands for a written <c>${</c>.</summary>
internal static class Substitution
{
    private const string Open = "${";

    /// <summary>
    /// A text with every variable put in, and whether there was one. Null where <c>missing</c> tells the variable that is not
    /// set, or what stands where a variable's name should.
    /// </summary>
    public static string? Apply(
        string text,
        Func<string, string?> environment,
        out bool substituted,
        out string? missing
    )
    {
        substituted = false;
        missing = null;
        if (!text.Contains(Open, StringComparison.Ordinal))
            return text;

        var result = new StringBuilder();
        var rest = text.AsSpan();
        for (int at; (at = rest.IndexOf(Open)) >= 0; )
        {
            if (at > 0 && rest[at - 1] == '$')
            {
                result.Append(rest[..(at - 1)]).Append(Open);
                rest = rest[(at + Open.Length)..];
                continue;
            }
            var end = rest[at..].IndexOf('}');
            var name = end < 0 ? "" : rest[(at + Open.Length)..(at + end)].ToString();
            var value = IsName(name) || IsSecret(name) ? environment(name) : null;
            if (string.IsNullOrEmpty(value))
            {
                missing = name;
                return null;
            }
            substituted = true;
            result.Append(rest[..at]).Append(value);
            rest = rest[(at + end + 1)..];
        }
        return result.Append(rest).ToString();
    }

    /// <summary>It names a secret of the vault rather than a variable.</summary>
    public static bool IsSecret(string name) =>
        name.StartsWith(SecretFields.Prefix, StringComparison.Ordinal);

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 100
        && !char.IsAsciiDigit(name[0])
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>A variable's name for a message; what looks like a key that was written in its place stays hidden.</summary>
    public static string Shown(string name) =>
        IsName(name) && (name.Length <= 20 || !name.Any(char.IsAsciiLetterLower))
            ? name
            : "named here";
}
