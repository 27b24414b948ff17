using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Schemas;

/// <summary>
/// A schema as a target can be told it. Adapting may narrow (close an object) but never widens unsaid: each keyword that was left
/// out is named, and the answer is checked against the whole schema when it comes.
/// </summary>
/// <param name="Json">The schema to send.</param>
/// <param name="LeftOut">The keywords that were left out, each once.</param>
internal sealed record AdaptedSchema(RawJson Json, IReadOnlyList<string> LeftOut);

/// <summary>Adapts schemas to the subset that a target enforces.</summary>
internal static class SchemaAdapter
{
    /// <summary>Keywords whose value is a schema, a list of schemas, or schemas by name.</summary>
    private static readonly string[] Inner = ["items", "additionalProperties", "anyOf"];
    private static readonly string[] Named = ["properties", "$defs", "definitions"];

    /// <summary>The adapted schema; null where the subset cannot say it.</summary>
    public static AdaptedSchema? Adapt(RawJson schema, SchemaSubset subset)
    {
        try
        {
            using var document = JsonDocument.Parse(
                schema.Utf8,
                new JsonDocumentOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var output = new ArrayBufferWriter<byte>(schema.Utf8.Length + 64);
            var leftOut = new List<string>();
            using (var json = DialectJson.NewWriter(output))
            {
                if (!Write(json, document.RootElement, subset, leftOut))
                    return null;
            }
            return new AdaptedSchema(new RawJson(output.WrittenMemory), leftOut);
        }
        // The second is for text that is no Unicode, in a name or a value.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Write(
        Utf8JsonWriter json,
        JsonElement schema,
        SchemaSubset subset,
        List<string> leftOut
    )
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            // True and false: anything, or nothing.
            schema.WriteTo(json);
            return !subset.ClosesObjects;
        }
        if (!CanSay(schema, subset))
            return false;
        json.WriteStartObject();
        foreach (var keyword in schema.EnumerateObject())
        {
            if (IsLeftOut(keyword, subset))
            {
                if (!leftOut.Contains(keyword.Name))
                    leftOut.Add(keyword.Name);
                continue;
            }
            // An annotation that says nothing of the answer, and is refused.
            if (
                subset.RequiresAll
                && keyword.Name is ("default" or "examples" or "$schema" or "$id")
            )
                continue;
            json.WritePropertyName(keyword.Name);
            if (!WriteValue(json, keyword, subset, leftOut))
                return false;
        }
        if (
            subset.ClosesObjects
            && IsObject(schema)
            && !schema.TryGetProperty("additionalProperties"u8, out _)
        )
            json.WriteBoolean("additionalProperties"u8, false);
        json.WriteEndObject();
        return true;
    }

    private static bool WriteValue(
        Utf8JsonWriter json,
        JsonProperty keyword,
        SchemaSubset subset,
        List<string> leftOut
    )
    {
        var value = keyword.Value;
        if (Named.Contains(keyword.Name) && value.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                json.WritePropertyName(member.Name);
                if (!Write(json, member.Value, subset, leftOut))
                    return false;
            }
            json.WriteEndObject();
            return true;
        }
        if (!Inner.Contains(keyword.Name) || value.ValueKind == JsonValueKind.False)
        {
            value.WriteTo(json);
            return true;
        }
        if (value.ValueKind != JsonValueKind.Array)
            return Write(json, value, subset, leftOut);
        json.WriteStartArray();
        foreach (var item in value.EnumerateArray())
        {
            if (!Write(json, item, subset, leftOut))
                return false;
        }
        json.WriteEndArray();
        return true;
    }

    private static bool CanSay(JsonElement schema, SchemaSubset subset)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (subset.CannotSay.Contains(keyword.Name))
                return false;
        }
        // An object without members, or open ones, takes anything.
        if (
            subset.ClosesObjects
            && IsObject(schema)
            && (
                !schema.TryGetProperty("properties"u8, out _)
                || (
                    schema.TryGetProperty("additionalProperties"u8, out var more)
                    && more.ValueKind != JsonValueKind.False
                )
            )
        )
            return false;
        return !subset.RequiresAll || IsAllRequired(schema);
    }

    private static bool IsAllRequired(JsonElement schema)
    {
        if (
            !schema.TryGetProperty("properties"u8, out var properties)
            || properties.ValueKind != JsonValueKind.Object
        )
            return true;
        HashSet<string> required = new(StringComparer.Ordinal);
        if (
            schema.TryGetProperty("required"u8, out var list)
            && list.ValueKind == JsonValueKind.Array
        )
        {
            foreach (var name in list.EnumerateArray())
            {
                if (name.ValueKind == JsonValueKind.String)
                    required.Add(name.GetString()!);
            }
        }
        return properties.EnumerateObject().All(member => required.Contains(member.Name));
    }

    private static bool IsLeftOut(JsonProperty keyword, SchemaSubset subset) =>
        subset.LeavesOut.Contains(keyword.Name)
        || (
            keyword.NameEquals("format"u8)
            && subset.Formats is { } formats
            && !(
                keyword.Value.ValueKind == JsonValueKind.String
                && formats.Contains(keyword.Value.GetString()!)
            )
        );

    private static bool IsObject(JsonElement schema) =>
        schema.TryGetProperty("properties"u8, out _)
        || (
            schema.TryGetProperty("type"u8, out var type)
            && (
                (type.ValueKind == JsonValueKind.String && type.ValueEquals("object"u8))
                || (
                    type.ValueKind == JsonValueKind.Array
                    && type.EnumerateArray()
                        .Any(static word =>
                            word.ValueKind == JsonValueKind.String && word.ValueEquals("object"u8)
                        )
                )
            )
        );
}
