using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Dragoman.Canonical;

/// <summary>
/// Text as it stands between the quotes of a JSON string: escaped UTF-8, kept as it came. Every dialect is JSON, so text goes from
/// one to the other without being unescaped, and half surrogates survive. Lives as long as the buffer it was read from.
/// </summary>
public readonly struct JsonText : IEquatable<JsonText>
{
    private JsonText(ReadOnlyMemory<byte> escaped) => Escaped = escaped;

    /// <summary>The escaped UTF-8, without quotes.</summary>
    public ReadOnlyMemory<byte> Escaped { get; }

    /// <summary>True for the empty text and for <c>default</c>.</summary>
    public bool IsEmpty => Escaped.IsEmpty;

    /// <summary>Text that is escaped already, without its quotes; it is not checked.</summary>
    public static JsonText FromEscaped(ReadOnlyMemory<byte> escaped) => new(escaped);

    /// <summary>Any text, half surrogates included.</summary>
    public static JsonText Of(string text) => new(Encoding.UTF8.GetBytes(JsonEscape.Escape(text)));

    /// <summary>One text of several, end to end.</summary>
    public static JsonText Join(IReadOnlyList<JsonText> texts)
    {
        var joined = new ArrayBufferWriter<byte>(
            Math.Max(1, texts.Sum(text => text.Escaped.Length))
        );
        foreach (var text in texts)
            joined.Write(text.Escaped.Span);
        return new(joined.WrittenMemory);
    }

    /// <summary>Whether the text is <paramref name="text"/>, given as plain UTF-8.</summary>
    public bool Is(ReadOnlySpan<byte> text) => JsonUnescape.AreEqual(Escaped.Span, text);

    /// <summary>Texts are equal however they are escaped.</summary>
    public bool Equals(JsonText other) =>
        Escaped.Span.SequenceEqual(other.Escaped.Span)
        || (
            (Escaped.Span.Contains((byte)'\\') || other.Escaped.Span.Contains((byte)'\\'))
            && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal)
        );

    public override bool Equals(object? obj) => obj is JsonText other && Equals(other);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(JsonText left, JsonText right) => left.Equals(right);

    public static bool operator !=(JsonText left, JsonText right) => !left.Equals(right);

    /// <summary>The text itself; never throws.</summary>
    public override string ToString() => JsonUnescape.ToText(Escaped.Span);

    /// <summary>Writes it as a string value, byte for byte.</summary>
    internal void WriteTo(Utf8JsonWriter json) => Write(json, Escaped.Span);

    /// <summary>Writes escaped text as a string value, byte for byte.</summary>
    internal static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> escaped)
    {
        var rented = ArrayPool<byte>.Shared.Rent(escaped.Length + 2);
        rented[0] = (byte)'"';
        escaped.CopyTo(rented.AsSpan(1));
        rented[escaped.Length + 1] = (byte)'"';
        json.WriteRawValue(rented.AsSpan(0, escaped.Length + 2), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(rented);
    }
}
