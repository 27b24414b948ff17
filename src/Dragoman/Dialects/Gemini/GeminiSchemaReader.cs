using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Reads Google's own schemas, a subset of OpenAPI 3.0 with types in upper case and <c>nullable</c> (ai.google.dev/api/caching, Schema,
/// seen 2026-11), into the JSON schema that everybody else speaks. <see cref="GeminiSchemaWriter"/> undoes it.
/// </summary>
internal static class GeminiSchemaReader
{
    /// <summary>The schema was one of Google's own, and is written back as one.</summary>
    public const string Own = "schema";

    /// <summary>The schema stood where Google's own stand, but needs no reading: its words are those of JSON schema.</summary>
    public const string Plain = "plainSchema";

    /// <summary>The schema as JSON schema, and the mark that tells how it was written.</summary>
    public static (RawJson Schema, IReadOnlyList<RawField> Marks) Read(RawJson schema)
    {
        if (schema.IsEmpty)
            return (schema, []);
        if (!IsOwn(schema.Utf8.Span))
            return (schema, [GeminiJson.Mark(Plain)]);
        var output = new ArrayBufferWriter<byte>(schema.Utf8.Length + 16);
        using (var json = DialectJson.NewWriter(output))
            Write(json, schema.Utf8.Span);
        return (new RawJson(output.WrittenMemory), [GeminiJson.Mark(Own)]);
    }

    /// <summary>A type in upper case, or <c>nullable</c>, anywhere in it.</summary>
    private static bool IsOwn(ReadOnlySpan<byte> schema)
    {
        var members = new JsonWalk(schema);
        while (members.Next())
        {
            if (members.IsText && members.Is("type"u8) && IsUpper(members.Text))
                return true;
            if (members.Is("nullable"u8))
                return true;
            if ((members.IsObject || members.IsList) && IsOwn(members.Value))
                return true;
        }
        return false;
    }

    private static bool IsUpper(ReadOnlySpan<byte> word) =>
        !word.IsEmpty && word[0] is >= (byte)'A' and <= (byte)'Z';

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> schema)
    {
        var isNullable = IsNullable(schema, out var hasType, out var hasChoices);
        json.WriteStartObject();
        var members = new JsonWalk(schema);
        while (members.Next())
        {
            if (members.Is("nullable"u8) && isNullable && (hasType || hasChoices))
                continue;
            json.WritePropertyName(JsonUnescape.ToText(members.Name));
            if (members.IsText && members.Is("type"u8))
                WriteType(json, members.Text, isNullable);
            else if (members.IsList && members.Is("enum"u8) && isNullable && hasType)
                WriteEnum(json, members.Value);
            else if (members.IsObject && members.Is("properties"u8))
                WriteMembers(json, members.Value);
            else if (
                members.IsObject && (members.Is("items"u8) || members.Is("additionalProperties"u8))
            )
                Write(json, members.Value);
            else if (members.IsList && (members.Is("anyOf"u8) || members.Is("prefixItems"u8)))
                WriteList(json, members.Value, isNullable && !hasType && members.Is("anyOf"u8));
            else
                json.WriteRawValue(members.Value, skipInputValidation: true);
        }
        json.WriteEndObject();
    }

    private static bool IsNullable(ReadOnlySpan<byte> schema, out bool hasType, out bool hasChoices)
    {
        (hasType, hasChoices) = (false, false);
        var isNullable = false;
        var members = new JsonWalk(schema);
        while (members.Next())
        {
            isNullable |= members.Is("nullable"u8) && members.Value.SequenceEqual("true"u8);
            hasType |= members.IsText && members.Is("type"u8);
            hasChoices |= members.IsList && members.Is("anyOf"u8);
        }
        return isNullable;
    }

    private static void WriteType(Utf8JsonWriter json, ReadOnlySpan<byte> word, bool isNullable)
    {
        var type = JsonUnescape.ToText(word).ToLowerInvariant();
        if (!isNullable)
        {
            json.WriteStringValue(type);
            return;
        }
        json.WriteStartArray();
        json.WriteStringValue(type);
        json.WriteStringValue("null"u8);
        json.WriteEndArray();
    }

    private static void WriteEnum(Utf8JsonWriter json, ReadOnlySpan<byte> values)
    {
        json.WriteStartArray();
        var items = new JsonWalk(values);
        while (items.Next())
            json.WriteRawValue(items.Value, skipInputValidation: true);
        json.WriteNullValue();
        json.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, ReadOnlySpan<byte> properties)
    {
        json.WriteStartObject();
        var members = new JsonWalk(properties);
        while (members.Next())
        {
            json.WritePropertyName(JsonUnescape.ToText(members.Name));
            WriteOrCopy(json, members);
        }
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> schemas, bool orNull)
    {
        json.WriteStartArray();
        var items = new JsonWalk(schemas);
        while (items.Next())
            WriteOrCopy(json, items);
        if (orNull)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "null"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteOrCopy(Utf8JsonWriter json, in JsonWalk value)
    {
        if (value.IsObject)
            Write(json, value.Value);
        else
            json.WriteRawValue(value.Value, skipInputValidation: true);
    }
}
