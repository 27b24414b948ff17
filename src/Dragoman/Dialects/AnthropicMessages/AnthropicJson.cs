using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>The fields that this dialect carried, and those of others, which it cannot say.</summary>
internal static class AnthropicJson
{
    /// <summary>Writes the members this dialect carried for an object, or for one inside it.</summary>
    public static void WriteRaw(
        Utf8JsonWriter json,
        IReadOnlyList<RawField> fields,
        string? parent = null
    ) => DialectJson.WriteRaw(json, fields, AnthropicDialect.DialectName, parent);

    /// <summary>Whether there is anything to write for the object <paramref name="parent"/>, or a field of that name.</summary>
    public static bool Has(
        IReadOnlyList<RawField> fields,
        string? parent,
        ReadOnlySpan<byte> name = default
    ) => DialectJson.Has(fields, AnthropicDialect.DialectName, parent, name);

    /// <summary>Names the fields of other dialects, which cannot be said here.</summary>
    public static void NameLosses(IReadOnlyList<RawField> fields, string where, Losses losses) =>
        DialectJson.NameLosses(fields, AnthropicDialect.DialectName, where, losses);

    /// <summary>Writes a member's name and value, byte for byte.</summary>
    public static void WriteMember(Utf8JsonWriter json, in JsonWalk member) =>
        WriteMember(json, JsonUnescape.ToText(member.Name), member.Value);

    public static void WriteMember(Utf8JsonWriter json, string name, ReadOnlySpan<byte> value)
    {
        WriteName(json, name);
        json.WriteRawValue(value, skipInputValidation: true);
    }

    /// <summary>Writes a name, by way of bytes, since half a surrogate in it would throw.</summary>
    public static void WriteName(Utf8JsonWriter json, string name) =>
        json.WritePropertyName(Encoding.UTF8.GetBytes(name));

    /// <summary>The value of a member of an object; default where there is none. Costs a walk.</summary>
    public static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (members.Is(name))
                return members.Value;
        }
        return default;
    }

    /// <summary>The string of a member of an object, escaped; default where there is none.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var value = Member(json, name);
        return value.Length >= 2 && value[0] == (byte)'"' ? value[1..^1] : default;
    }
}
