using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dragoman.Canonical;

/// <summary>Writes any .NET string as JSON, half surrogates included, which Utf8JsonWriter would refuse or replace.</summary>
internal static class JsonEscape
{
    /// <summary>Writes a string value, or <c>null</c>.</summary>
    public static void Write(Utf8JsonWriter json, string? text)
    {
        if (text is null)
            json.WriteNullValue();
        else if (IsWhole(text))
            json.WriteStringValue(text);
        else
            JsonText.Of(text).WriteTo(json);
    }

    /// <summary>True where every surrogate has its other half.</summary>
    public static bool IsWhole(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0; )
        {
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length)
                return false;
            if (!char.IsLowSurrogate(text[at + 1]))
                return false;
            text = text[(at + 2)..];
            at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }
        return true;
    }

    /// <summary>The text as it stands between the quotes of a JSON string.</summary>
    public static string Escape(string text)
    {
        if (
            IsWhole(text)
            && text.AsSpan().IndexOfAnyInRange('\0', '\x1F') < 0
            && text.AsSpan().IndexOfAny('"', '\\') < 0
        )
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (unit is '"' or '\\')
                escaped.Append('\\').Append(unit);
            else if (unit < ' ')
                AppendUnit(escaped, unit);
            else if (!char.IsSurrogate(unit))
                escaped.Append(unit);
            else if (i + 1 < text.Length && char.IsSurrogatePair(unit, text[i + 1]))
                escaped.Append(unit).Append(text[++i]);
            else
                AppendUnit(escaped, unit);
        }
        return escaped.ToString();
    }

    private static void AppendUnit(StringBuilder escaped, char unit) =>
        escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
}
