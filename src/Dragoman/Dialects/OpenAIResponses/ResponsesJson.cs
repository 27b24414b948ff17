using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>The fields that this dialect carried, and those of others, which it cannot say.</summary>
internal static class ResponsesJson
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    public static void WriteRaw(
        Utf8JsonWriter json,
        IReadOnlyList<RawField> fields,
        string? parent = null
    ) => DialectJson.WriteRaw(json, fields, Dialect, parent);

    public static bool Has(
        IReadOnlyList<RawField> fields,
        string? parent,
        ReadOnlySpan<byte> name
    ) => DialectJson.Has(fields, Dialect, parent, name);

    public static void NameLosses(IReadOnlyList<RawField> fields, string where, Losses losses) =>
        DialectJson.NameLosses(fields, Dialect, where, losses);
}
