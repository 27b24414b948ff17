using System.Text.Json;

namespace Dragoman.Simulator.Schemas;

/// <summary>One schema with its references followed and its <c>allOf</c> merged.</summary>
internal sealed class SchemaView
{
    private const int MostReferences = 32;
    private const int LargestSize = 2_000;

    private readonly List<JsonElement> _parts = [];

    /// <summary>The value there must be.</summary>
    public JsonElement? Constant { get; private set; }

    /// <summary>The values of <c>enum</c>; null where there is none.</summary>
    public IReadOnlyList<JsonElement>? Choices { get; private set; }

    /// <summary>The ways of <c>anyOf</c> or <c>oneOf</c>.</summary>
    public IReadOnlyList<JsonElement> Alternatives { get; private set; } = [];
    public Dictionary<string, JsonElement> Properties { get; } = new(StringComparer.Ordinal);
    public List<string> Required { get; } = [];
    public JsonElement AdditionalProperties { get; private set; }
    public IReadOnlyList<JsonElement> FirstItems { get; private set; } = [];
    public JsonElement Items { get; private set; }

    public static SchemaView Resolve(JsonElement schema, JsonElement root)
    {
        var view = new SchemaView();
        view.Take(schema, root, 0);
        return view;
    }

    /// <summary>How much an instance needs: nothing for a null, most for a structure.</summary>
    public int Weight
    {
        get
        {
            if (Constant is not null || Choices is not null)
                return 1;
            if (Alternatives.Count > 0)
                return 4;
            return TypeAt(deep: true) switch
            {
                "null" => 0,
                "object" => Required.Count == 0 ? 2 : 5,
                "array" => Number("minItems") > 0 ? 5 : 2,
                _ => 1,
            };
        }
    }

    /// <summary>The type to write; deep down null is preferred where it is allowed.</summary>
    public string TypeAt(bool deep)
    {
        if (Keyword("type") is { } type)
        {
            if (type.ValueKind == JsonValueKind.String)
                return Known(type.GetString()!);
            if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0)
            {
                var names = type.EnumerateArray().Select(item => Known(item.GetString()!)).ToList();
                return deep && names.Contains("null") ? "null" : names[0];
            }
        }
        if (Properties.Count > 0 || Required.Count > 0)
            return "object";
        if (Items.ValueKind != JsonValueKind.Undefined || FirstItems.Count > 0)
            return "array";
        return Keyword("minimum") is not null || Keyword("maximum") is not null
            ? "number"
            : "string";
    }

    // Gemini's schemas write their types in capitals.
    private static string Known(string type) => type.ToLowerInvariant();

    public decimal? Number(string keyword) =>
        Keyword(keyword) is { ValueKind: JsonValueKind.Number } value
        && value.TryGetDecimal(out var number)
            ? number
            : null;

    /// <summary>A count or length, within reason.</summary>
    public int? Size(string keyword) =>
        Number(keyword) is { } size ? (int)Math.Clamp(size, 0, LargestSize) : null;

    public string? Text(string keyword) =>
        Keyword(keyword) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private JsonElement? Keyword(string name)
    {
        foreach (var part in _parts)
        {
            if (part.TryGetProperty(name, out var value))
                return value;
        }
        return null;
    }

    private void Take(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MostReferences)
            return;
        _parts.Add(schema);
        if (schema.TryGetProperty("const", out var constant))
            Constant = constant;
        if (Array(schema, "enum") is { Count: > 0 } choices)
            Choices = choices;
        if (Array(schema, "anyOf") is { Count: > 0 } any)
            Alternatives = any;
        else if (Array(schema, "oneOf") is { Count: > 0 } one)
            Alternatives = one;
        if (
            schema.TryGetProperty("properties", out var properties)
            && properties.ValueKind == JsonValueKind.Object
        )
        {
            foreach (var property in properties.EnumerateObject())
                Properties[property.Name] = property.Value;
        }
        foreach (var name in Array(schema, "required"))
        {
            if (name.ValueKind == JsonValueKind.String && !Required.Contains(name.GetString()!))
                Required.Add(name.GetString()!);
        }
        if (schema.TryGetProperty("additionalProperties", out var additional))
            AdditionalProperties = additional;
        if (schema.TryGetProperty("items", out var items))
            Items = items;
        if (Array(schema, "prefixItems") is { Count: > 0 } first)
            FirstItems = first;

        if (schema.TryGetProperty("$ref", out var reference))
            Take(Referenced(reference.GetString() ?? "", root), root, depth + 1);
        foreach (var part in Array(schema, "allOf"))
            Take(part, root, depth + 1);
    }

    /// <summary>Follows a reference within the document, such as <c>#/$defs/node</c> or <c>#</c>.</summary>
    private static JsonElement Referenced(string reference, JsonElement root)
    {
        var at = root;
        if (!reference.StartsWith('#'))
            return default;
        foreach (var step in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = Uri.UnescapeDataString(step)
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return default;
        }
        return at;
    }

    private static List<JsonElement> Array(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray()]
            : [];
}
