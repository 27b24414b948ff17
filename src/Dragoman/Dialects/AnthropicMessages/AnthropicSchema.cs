using System.Buffers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// Puts a JSON schema into the subset that Anthropic's structured output takes (platform.claude.com, structured outputs, JSON schema
/// limitations, seen 2026-11): every object closed; limits of numbers and lengths said in the description, where the model reads
/// them; and what would be another schema without its keyword not at all.
/// </summary>
internal static class AnthropicSchema
{
    private const int MaxDepth = 64;

    private static readonly string[] Formats =
    [
        "date-time",
        "time",
        "date",
        "duration",
        "email",
        "hostname",
        "uri",
        "ipv4",
        "ipv6",
        "uuid",
    ];

    /// <summary>A schema that a tool's input can have: that of an object.</summary>
    public static bool IsOfObject(RawJson schema) =>
        AnthropicJson.Text(schema.Utf8.Span, "type"u8).SequenceEqual("object"u8);

    /// <summary>Adapts a schema; false where the subset has no words for it.</summary>
    /// <param name="schema">The schema as it came.</param>
    /// <param name="adapted">The schema as it goes: the same bytes where nothing had to change.</param>
    /// <param name="moved">The keywords that are now said in descriptions.</param>
    public static bool TryAdapt(RawJson schema, out RawJson adapted, out List<string> moved)
    {
        adapted = default;
        moved = [];
        if (schema.IsEmpty || HasCycle(schema.Utf8.Span))
            return false;
        var output = new ArrayBufferWriter<byte>(schema.Utf8.Length + 64);
        using (var json = DialectJson.NewWriter(output))
        {
            var walk = new Walk(json, moved);
            if (!walk.Write(schema.Utf8.Span, MaxDepth))
                return false;
            adapted = walk.HasChanged ? new RawJson(default) : schema;
        }
        if (adapted.IsEmpty)
            adapted = new RawJson(output.WrittenMemory);
        return true;
    }

    /// <summary>A reference that leads back to itself: recursive schemas are not taken.</summary>
    private static bool HasCycle(ReadOnlySpan<byte> schema)
    {
        var edges = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var member in (string[])["$defs", "definitions"])
        {
            var definitions = new JsonWalk(
                AnthropicJson.Member(schema, Encoding.UTF8.GetBytes(member))
            );
            while (definitions.Next())
                edges[$"#/{member}/{JsonUnescape.ToText(definitions.Name)}"] = References(
                    definitions.Value
                );
        }
        if (References(schema).Contains("#"))
            return true;
        return edges.Keys.Any(start => Reaches(start, start, edges, []));
    }

    private static bool Reaches(
        string from,
        string to,
        Dictionary<string, HashSet<string>> edges,
        HashSet<string> seen
    ) =>
        edges.TryGetValue(from, out var next)
        && next.Any(step => step == to || (seen.Add(step) && Reaches(step, to, edges, seen)));

    private static HashSet<string> References(ReadOnlySpan<byte> schema)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(
            schema,
            new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
        );
        while (json.Read())
        {
            if (
                json.TokenType is not JsonTokenType.PropertyName
                || !JsonUnescape.Is(ref json, "$ref"u8)
            )
                continue;
            json.Read();
            if (JsonUnescape.StringOrNull(ref json) is { } reference)
                found.Add(reference);
        }
        return found;
    }

    private sealed class Walk(Utf8JsonWriter json, List<string> moved)
    {
        public bool HasChanged { get; private set; }

        public bool Write(ReadOnlySpan<byte> schema, int depth)
        {
            if (depth == 0 || schema is not [(byte)'{', ..])
                return false;
            json.WriteStartObject();
            var said = new StringBuilder();
            var shape = default(Shape);
            var members = new JsonWalk(schema);
            while (members.Next())
            {
                if (!WriteMember(members, ref shape, said, depth))
                    return false;
            }
            if (!Close(shape))
                return false;
            if (said.Length > 0 || !shape.Description.IsEmpty)
            {
                json.WritePropertyName("description"u8);
                Describe(shape.Description, said.ToString());
            }
            json.WriteEndObject();
            return true;
        }

        private ref struct Shape
        {
            public ReadOnlySpan<byte> Description;
            public bool IsObject;
            public bool HasProperties;
            public bool IsClosed;
        }

        private bool WriteMember(in JsonWalk member, ref Shape shape, StringBuilder said, int depth)
        {
            var name = JsonUnescape.ToText(member.Name);
            switch (name)
            {
                case "description" when member.IsText:
                    shape.Description = member.Text;
                    return true;
                case "type":
                    shape.IsObject |= SaysObject(member.Value);
                    AnthropicJson.WriteMember(json, name, member.Value);
                    return true;
                case "properties":
                    shape.HasProperties = true;
                    return WriteEach(name, member.Value, depth);
                case "$defs" or "definitions":
                    return WriteEach(name, member.Value, depth);
                case "items":
                    json.WritePropertyName(name);
                    return Write(member.Value, depth - 1);
                case "anyOf" or "allOf":
                    return WriteList(name, member.Value, depth);
                case "oneOf":
                    // The alternatives of a schema rarely overlap; that they must not is said in words.
                    Say(said, name, "exactly one of the alternatives"u8);
                    return WriteList("anyOf", member.Value, depth);
                case "additionalProperties":
                    shape.IsClosed = member.Value.SequenceEqual("false"u8);
                    if (!shape.IsClosed)
                        return false;
                    AnthropicJson.WriteMember(json, name, member.Value);
                    return true;
                case "$ref":
                    AnthropicJson.WriteMember(json, name, member.Value);
                    return member.IsText && member.Text.StartsWith("#/"u8);
                case "enum" or "const" or "title" or "default" or "required":
                    AnthropicJson.WriteMember(json, name, member.Value);
                    return true;
                case "format"
                    when member.IsText && Formats.Contains(JsonUnescape.ToText(member.Text)):
                case "minItems" when member.Integer is 0 or 1:
                case "pattern" when member.IsText && IsPlain(member.Text):
                    AnthropicJson.WriteMember(json, name, member.Value);
                    return true;
                case "$schema"
                or "$id"
                or "$comment"
                or "examples"
                or "deprecated"
                or "readOnly"
                or "writeOnly":
                    // Says nothing of what is valid.
                    HasChanged = true;
                    return true;
                case "minimum"
                or "maximum"
                or "exclusiveMinimum"
                or "exclusiveMaximum"
                or "multipleOf"
                or "minLength"
                or "maxLength"
                or "minItems"
                or "maxItems"
                or "uniqueItems"
                or "minProperties"
                or "maxProperties"
                or "format"
                or "pattern":
                    Say(said, name, member.Value);
                    return true;
                default:
                    return false;
            }
        }

        /// <summary>An object of unnamed members cannot be closed without becoming an empty one.</summary>
        private bool Close(in Shape shape)
        {
            if (!shape.IsObject && !shape.HasProperties)
                return true;
            if (shape.IsClosed)
                return true;
            if (!shape.HasProperties)
                return false;
            HasChanged = true;
            json.WriteBoolean("additionalProperties"u8, false);
            return true;
        }

        private bool WriteEach(string name, ReadOnlySpan<byte> schemas, int depth)
        {
            if (schemas is not [(byte)'{', ..])
                return false;
            json.WriteStartObject(name);
            var members = new JsonWalk(schemas);
            while (members.Next())
            {
                AnthropicJson.WriteName(json, JsonUnescape.ToText(members.Name));
                if (!Write(members.Value, depth - 1))
                    return false;
            }
            json.WriteEndObject();
            return true;
        }

        private bool WriteList(string name, ReadOnlySpan<byte> schemas, int depth)
        {
            if (schemas is not [(byte)'[', ..])
                return false;
            json.WriteStartArray(name);
            var items = new JsonWalk(schemas);
            while (items.Next())
            {
                if (!Write(items.Value, depth - 1))
                    return false;
            }
            json.WriteEndArray();
            return true;
        }

        private void Say(StringBuilder said, string keyword, ReadOnlySpan<byte> value)
        {
            HasChanged = true;
            if (!moved.Contains(keyword))
                moved.Add(keyword);
            said.Append(said.Length == 0 ? "" : ", ")
                .Append(keyword)
                .Append(": ")
                .Append(Encoding.UTF8.GetString(value));
        }

        private void Describe(ReadOnlySpan<byte> description, string said)
        {
            if (said.Length == 0)
            {
                JsonText.Write(json, description);
                return;
            }
            var before = JsonUnescape.ToText(description);
            JsonText.Of(before.Length == 0 ? $"({said})" : $"{before} ({said})").WriteTo(json);
        }

        private static bool SaysObject(ReadOnlySpan<byte> type)
        {
            if (type.SequenceEqual("\"object\""u8))
                return true;
            var items = new JsonWalk(type);
            while (items.Next())
            {
                if (items.Value.SequenceEqual("\"object\""u8))
                    return true;
            }
            return false;
        }

        /// <summary>No look-around, back reference or word boundary: the other expressions are taken.</summary>
        private static bool IsPlain(ReadOnlySpan<byte> pattern)
        {
            var text = JsonUnescape.ToText(pattern);
            for (var i = 0; i + 1 < text.Length; i++)
            {
                if (
                    text[i] == '('
                    && text[i + 1] == '?'
                    && text.AsSpan(i).StartsWith("(?:") is false
                )
                    return false;
                if (text[i] != '\\')
                    continue;
                if (text[i + 1] is 'b' or 'B' or (>= '1' and <= '9'))
                    return false;
                i++;
            }
            return true;
        }
    }
}
