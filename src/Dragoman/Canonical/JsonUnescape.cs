using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Dragoman.Canonical;

/// <summary>
/// Reads JSON strings without ever throwing: half surrogates stay half surrogates, bytes that are no UTF-8 become U+FFFD.
/// </summary>
/// <remarks>Utf8JsonReader's own GetString and ValueTextEquals throw on half a surrogate pair, which providers do send.</remarks>
internal static class JsonUnescape
{
    /// <summary>Whether the reader's name or string is <paramref name="expected"/>. The reader must be over one span.</summary>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> expected) =>
        reader.ValueIsEscaped
            ? AreEqual(reader.ValueSpan, expected)
            : reader.ValueSpan.SequenceEqual(expected);

    /// <summary>Whether escaped text, given without its quotes, is <paramref name="expected"/>, given plain.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> expected)
    {
        if (escaped.SequenceEqual(expected))
            return !escaped.Contains((byte)'\\');
        // An escape is at most six bytes for one, so a much longer text cannot be equal.
        return escaped.Length > expected.Length
            && escaped.Length <= expected.Length * 6
            && escaped.Contains((byte)'\\')
            && string.Equals(
                ToText(escaped),
                Encoding.UTF8.GetString(expected),
                StringComparison.Ordinal
            );
    }

    /// <summary>The reader's string; null where the token is not a string.</summary>
    public static string? StringOrNull(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
            ? ToText(reader.ValueSpan)
            : null;

    /// <summary>The text of an escaped JSON string given without its quotes.</summary>
    public static string ToText(ReadOnlySpan<byte> escaped)
    {
        var firstEscape = escaped.IndexOf((byte)'\\');
        if (firstEscape < 0)
            return Encoding.UTF8.GetString(escaped);

        // A UTF-8 byte never becomes more than one UTF-16 unit, and an escape only shrinks.
        var rented = ArrayPool<char>.Shared.Rent(escaped.Length);
        var length = 0;
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
                plain = escaped.Length;
            length += Encoding.UTF8.GetChars(escaped[..plain], rented.AsSpan(length));
            escaped = escaped[plain..];
            if (escaped.IsEmpty)
                break;
            rented[length++] = Unit(escaped, out var consumed);
            escaped = escaped[consumed..];
        }
        var text = new string(rented, 0, length);
        ArrayPool<char>.Shared.Return(rented);
        return text;
    }

    /// <summary>The UTF-16 unit of the escape at the start of <paramref name="escaped"/>; an escape that is none stands for itself.</summary>
    public static char Unit(ReadOnlySpan<byte> escaped, out int consumed)
    {
        consumed = Math.Min(2, escaped.Length);
        if (escaped.Length < 2)
            return '\\';
        switch (escaped[1])
        {
            case (byte)'n':
                return '\n';
            case (byte)'r':
                return '\r';
            case (byte)'t':
                return '\t';
            case (byte)'b':
                return '\b';
            case (byte)'f':
                return '\f';
            case (byte)'u'
                when escaped.Length >= 6
                    && Utf8Parser.TryParse(escaped[2..6], out ushort unit, out var digits, 'x')
                    && digits == 4:
                consumed = 6;
                return (char)unit;
            default:
                return (char)escaped[1];
        }
    }
}
