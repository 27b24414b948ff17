using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Writes a JSON schema as one of Google's own: for models that know no other, and for clients that spoke it. What Google's cannot
/// say is named, never dropped in silence.
/// </summary>
internal sealed class GeminiSchemaWriter
{
    /// <summary>Members of Google's schemas, per ai.google.dev/api/caching (Schema, seen 2026-11).</summary>
    private static readonly string[] Known =
    [
        "type",
        "format",
        "title",
        "description",
        "nullable",
        "enum",
        "maxItems",
        "minItems",
        "properties",
        "required",
        "minProperties",
        "maxProperties",
        "minLength",
        "maxLength",
        "pattern",
        "example",
        "anyOf",
        "propertyOrdering",
        "default",
        "items",
        "minimum",
        "maximum",
    ];

    private readonly RawJson _root;
    private readonly string _where;
    private readonly Losses _losses;
    private readonly List<string> _open = [];
    private readonly HashSet<string> _dropped = new(StringComparer.Ordinal);

    private GeminiSchemaWriter(RawJson root, string where, Losses losses) =>
        (_root, _where, _losses) = (root, where, losses);

    /// <param name="json">Stands where the schema goes.</param>
    /// <param name="schema">The JSON schema.</param>
    /// <param name="where">Its path in the request.</param>
    /// <param name="losses">Takes what Google's schemas cannot say.</param>
    public static void Write(Utf8JsonWriter json, RawJson schema, string where, Losses losses) =>
        new GeminiSchemaWriter(schema, where, losses).Write(json, schema.Utf8.Span, default);

    /// <param name="json">Stands where the schema goes.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="around">A schema whose members stand beside this one's: that which holds a reference to it.</param>
    private void Write(Utf8JsonWriter json, ReadOnlySpan<byte> schema, ReadOnlySpan<byte> around)
    {
        if (schema.IsEmpty || schema[0] != (byte)'{')
        {
            // true: anything goes.
            json.WriteStartObject();
            json.WriteEndObject();
            return;
        }
        if (Reference(schema) is { } reference)
        {
            WriteReferred(json, reference, schema);
            return;
        }
        json.WriteStartObject();
        var isNullable = false;
        var members = new JsonWalk(schema);
        while (members.Next())
        {
            if (!Has(around, JsonUnescape.ToText(members.Name)))
                WriteMember(json, members, ref isNullable);
        }
        var others = new JsonWalk(around);
        while (others.Next())
        {
            if (!others.Is("$ref"u8))
                WriteMember(json, others, ref isNullable);
        }
        if (isNullable)
            json.WriteBoolean("nullable"u8, true);
        json.WriteEndObject();
    }

    private void WriteMember(Utf8JsonWriter json, in JsonWalk member, ref bool isNullable)
    {
        if (member.Is("type"u8))
            WriteType(json, member, ref isNullable);
        else if (member.Is("enum"u8) && member.IsList)
            WriteEnum(json, member.Value, ref isNullable);
        else if (member.Is("const"u8))
            WriteConst(json, member);
        else if (member.Is("properties"u8) && member.IsObject)
            WriteProperties(json, member.Value);
        else if (member.Is("items"u8))
        {
            json.WritePropertyName("items"u8);
            Write(json, member.Value, default);
        }
        else if (member.IsList && (member.Is("anyOf"u8) || member.Is("oneOf"u8)))
            WriteChoices(json, member, ref isNullable);
        else if (
            member.IsList
            && member.Is("allOf"u8)
            && Only(member.Value) is { Length: > 0 } only
        )
            WriteInPlace(json, only, ref isNullable);
        else if (Array.IndexOf(Known, JsonUnescape.ToText(member.Name)) >= 0)
        {
            json.WritePropertyName(JsonUnescape.ToText(member.Name));
            json.WriteRawValue(member.Value, skipInputValidation: true);
        }
        else if (!IsBookkeeping(member))
            Drop(JsonUnescape.ToText(member.Name));
    }

    /// <summary>What says nothing of the values.</summary>
    private static bool IsBookkeeping(in JsonWalk member) =>
        member.Name.StartsWith("$"u8)
        || member.Is("definitions"u8)
        || member.Is("examples"u8)
        || member.Is("readOnly"u8)
        || member.Is("deprecated"u8)
        || (member.Is("additionalProperties"u8) && member.Value.SequenceEqual("true"u8));

    private void WriteType(Utf8JsonWriter json, in JsonWalk member, ref bool isNullable)
    {
        if (member.IsText)
        {
            json.WriteString("type"u8, JsonUnescape.ToText(member.Text).ToUpperInvariant());
            return;
        }
        var types = new List<string>();
        var items = new JsonWalk(member.Value);
        while (items.Next())
        {
            if (items.IsText && items.Text.SequenceEqual("null"u8))
                isNullable = true;
            else if (items.IsText)
                types.Add(JsonUnescape.ToText(items.Text).ToUpperInvariant());
        }
        if (types is [var only])
        {
            json.WriteString("type"u8, only);
            return;
        }
        if (types.Count == 0)
            return;
        json.WriteStartArray("anyOf"u8);
        foreach (var type in types)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Google's enums hold texts alone.</summary>
    private void WriteEnum(Utf8JsonWriter json, ReadOnlySpan<byte> values, ref bool isNullable)
    {
        var items = new JsonWalk(values);
        while (items.Next())
        {
            if (!items.IsText && !items.IsNull)
            {
                Drop("enum");
                return;
            }
        }
        json.WriteStartArray("enum"u8);
        items = new JsonWalk(values);
        while (items.Next())
        {
            if (items.IsText)
                json.WriteRawValue(items.Value, skipInputValidation: true);
            else
                isNullable = true;
        }
        json.WriteEndArray();
    }

    private void WriteConst(Utf8JsonWriter json, in JsonWalk member)
    {
        if (!member.IsText)
        {
            Drop("const");
            return;
        }
        json.WriteStartArray("enum"u8);
        json.WriteRawValue(member.Value, skipInputValidation: true);
        json.WriteEndArray();
    }

    private void WriteProperties(Utf8JsonWriter json, ReadOnlySpan<byte> properties)
    {
        json.WriteStartObject("properties"u8);
        var members = new JsonWalk(properties);
        while (members.Next())
        {
            json.WritePropertyName(JsonUnescape.ToText(members.Name));
            Write(json, members.Value, default);
        }
        json.WriteEndObject();
    }

    /// <summary>One choice beside null is that choice; several are written as they are, null apart.</summary>
    private void WriteChoices(Utf8JsonWriter json, in JsonWalk member, ref bool isNullable)
    {
        json.WriteStartArray("anyOf"u8);
        var items = new JsonWalk(member.Value);
        while (items.Next())
        {
            if (IsNull(items.Value))
                isNullable = true;
            else
                Write(json, items.Value, default);
        }
        json.WriteEndArray();
    }

    private void WriteInPlace(Utf8JsonWriter json, ReadOnlySpan<byte> schema, ref bool isNullable)
    {
        var target = Reference(schema) is { } reference ? Find(reference) : schema;
        var members = new JsonWalk(target);
        while (members.Next())
            WriteMember(json, members, ref isNullable);
    }

    private void WriteReferred(Utf8JsonWriter json, string reference, ReadOnlySpan<byte> around)
    {
        var target = Find(reference);
        if (target.IsEmpty || _open.Contains(reference, StringComparer.Ordinal))
        {
            Drop(target.IsEmpty ? "$ref" : "recursive $ref");
            json.WriteStartObject();
            json.WriteString("type"u8, "OBJECT"u8);
            json.WriteEndObject();
            return;
        }
        _open.Add(reference);
        Write(json, target, around);
        _open.RemoveAt(_open.Count - 1);
    }

    /// <summary>Follows <c>#/$defs/name</c>; empty where it leads nowhere.</summary>
    private ReadOnlySpan<byte> Find(string reference)
    {
        if (reference == "#")
            return _root.Utf8.Span;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return default;
        var at = _root.Utf8.Span;
        foreach (var step in reference[2..].Split('/'))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            at = Member(at, name);
        }
        return at;
    }

    /// <summary>Names a keyword, once for the whole schema.</summary>
    private void Drop(string keyword)
    {
        if (_dropped.Add(keyword))
            _losses.Add($"{_where} ({keyword})");
    }

    private static string? Reference(ReadOnlySpan<byte> schema)
    {
        var members = new JsonWalk(schema);
        while (members.Next())
        {
            if (members.IsText && members.Is("$ref"u8))
                return JsonUnescape.ToText(members.Text);
        }
        return null;
    }

    private static bool IsNull(ReadOnlySpan<byte> schema) =>
        Member(schema, "type").SequenceEqual("\"null\""u8);

    private static bool Has(ReadOnlySpan<byte> schema, string name) =>
        !schema.IsEmpty && !Member(schema, name).IsEmpty;

    private static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> schema, string name)
    {
        var members = new JsonWalk(schema);
        while (members.Next())
        {
            if (JsonUnescape.ToText(members.Name) == name)
                return members.Value;
        }
        return default;
    }

    /// <summary>The one item of a list; empty where there are several or none.</summary>
    private static ReadOnlySpan<byte> Only(ReadOnlySpan<byte> list)
    {
        var items = new JsonWalk(list);
        if (!items.Next())
            return default;
        var first = items.Value;
        return items.Next() ? default : first;
    }
}
