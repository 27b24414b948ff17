using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>The fields that this dialect carried, and those of others, which it cannot say.</summary>
internal static class OpenAIJson
{
    /// <summary>Writes the members this dialect carried for an object, or for one inside it.</summary>
    public static void WriteRaw(
        Utf8JsonWriter json,
        IReadOnlyList<RawField> fields,
        string? parent = null
    ) => DialectJson.WriteRaw(json, fields, OpenAIChatDialect.DialectName, parent);

    /// <summary>Whether there is anything to write for the object <paramref name="parent"/>, or a field of that name.</summary>
    public static bool Has(
        IReadOnlyList<RawField> fields,
        string? parent,
        ReadOnlySpan<byte> name
    ) => DialectJson.Has(fields, OpenAIChatDialect.DialectName, parent, name);

    /// <summary>Names the fields of other dialects, which cannot be said here.</summary>
    public static void NameLosses(IReadOnlyList<RawField> fields, string where, Losses losses) =>
        DialectJson.NameLosses(fields, OpenAIChatDialect.DialectName, where, losses);
}
