using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>How the dialects' writers put canonical pieces into JSON, and name what they cannot.</summary>
internal static class DialectJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        // The body is application/json, never HTML: readable beats escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static Utf8JsonWriter NewWriter(IBufferWriter<byte> output) => new(output, Options);

    /// <summary>Writes the members that <paramref name="dialect"/> carried for an object, or for one inside it.</summary>
    public static void WriteRaw(
        Utf8JsonWriter json,
        IReadOnlyList<RawField> fields,
        string dialect,
        string? parent = null
    )
    {
        foreach (var field in fields)
        {
            if (field.Dialect != dialect || field.Parent != parent)
                continue;
            // By way of bytes, since half a surrogate in a name would throw.
            json.WritePropertyName(Encoding.UTF8.GetBytes(field.Name.ToString()));
            Write(json, field.Value);
        }
    }

    /// <summary>Whether there is anything to write for the object <paramref name="parent"/>, or a field of that name.</summary>
    public static bool Has(
        IReadOnlyList<RawField> fields,
        string dialect,
        string? parent,
        ReadOnlySpan<byte> name
    )
    {
        foreach (var field in fields)
        {
            if (
                field.Dialect == dialect
                && field.Parent == parent
                && (name.IsEmpty || field.Name.Is(name))
            )
                return true;
        }
        return false;
    }

    /// <summary>Names the fields of other dialects, which cannot be said in <paramref name="dialect"/>.</summary>
    public static void NameLosses(
        IReadOnlyList<RawField> fields,
        string dialect,
        string where,
        Losses losses
    )
    {
        foreach (var field in fields)
        {
            if (field.Dialect == dialect || SaysNothing(field.Value))
                continue;
            var path = JsonPath.Below(
                where,
                JsonPath.Below(field.Parent ?? "", field.Name.ToString())
            );
            losses.Add(path);
            if (field.IsVital)
                losses.Refuse($"it has no {path}, without which this would be another question");
        }
    }

    /// <summary>A null, or something empty, says nothing that could be lost.</summary>
    private static bool SaysNothing(RawJson value) =>
        value.Utf8.Span is var json
        && (
            json.SequenceEqual("null"u8)
            || json.SequenceEqual("\"\""u8)
            || json.SequenceEqual("[]"u8)
            || json.SequenceEqual("{}"u8)
        );

    public static void Write(Utf8JsonWriter json, RawJson value) =>
        json.WriteRawValue(value.Utf8.Span, skipInputValidation: true);

    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonText? value)
    {
        if (value is not { } text)
            return;
        json.WritePropertyName(name);
        text.WriteTo(json);
    }

    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, RawJson value)
    {
        if (value.IsEmpty)
            return;
        json.WritePropertyName(name);
        Write(json, value);
    }

    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } known)
            json.WriteBoolean(name, known);
    }

    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
    }

    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
    }
}
