using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Writes a JSON schema for a model that takes them as such, and names the keywords it is documented to ignore
/// (ai.google.dev/api/generate-content, responseJsonSchema, seen 2026-11).
/// </summary>
internal static class GeminiSchemaKeywords
{
    private static readonly string[] Ignored =
    [
        "allOf",
        "const",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "if",
        "maxLength",
        "maxProperties",
        "minLength",
        "minProperties",
        "multipleOf",
        "not",
        "pattern",
        "patternProperties",
        "propertyNames",
        "then",
        "unevaluatedProperties",
        "uniqueItems",
    ];

    /// <summary>Names what of a schema is not kept to; the schema itself goes on as it is.</summary>
    public static void NameIgnored(RawJson schema, string where, Losses losses) =>
        NameIn(schema.Utf8.Span, where, losses);

    private static void NameIn(ReadOnlySpan<byte> schema, string where, Losses losses)
    {
        var members = new JsonWalk(schema);
        while (members.Next())
        {
            var isMap =
                members.Is("properties"u8) || members.Is("$defs"u8) || members.Is("definitions"u8);
            if (isMap && members.IsObject)
                NameInEach(members.Value, where, losses);
            else if (
                members.IsList
                && (members.Is("anyOf"u8) || members.Is("oneOf"u8) || members.Is("prefixItems"u8))
            )
                NameInEach(members.Value, where, losses);
            else if (
                members.IsObject && (members.Is("items"u8) || members.Is("additionalProperties"u8))
            )
                NameIn(members.Value, where, losses);
            else if (Array.IndexOf(Ignored, JsonUnescape.ToText(members.Name)) >= 0)
                Name(JsonUnescape.ToText(members.Name), where, losses);
        }
    }

    /// <summary>Names a keyword, once for the whole schema.</summary>
    private static void Name(string keyword, string where, Losses losses)
    {
        var path = $"{where} ({keyword})";
        if (!losses.Contains(path))
            losses.Add(path);
    }

    private static void NameInEach(ReadOnlySpan<byte> schemas, string where, Losses losses)
    {
        var each = new JsonWalk(schemas);
        while (each.Next())
            NameIn(each.Value, where, losses);
    }
}
