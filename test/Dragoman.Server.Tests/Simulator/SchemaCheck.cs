using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Says what of a JSON schema an instance breaks; written apart from the maker of instances, so that they check each other.</summary>
internal static class SchemaCheck
{
    public static string? Violation(JsonElement schema, JsonElement value) =>
        Violation(schema, value, schema, "$");

    private static string? Violation(
        JsonElement schema,
        JsonElement value,
        JsonElement root,
        string at
    )
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return schema.ValueKind == JsonValueKind.False ? $"{at}: nothing is allowed" : null;
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Broken(keyword.Name, keyword.Value, schema, value, root, at) is { } broken)
                return broken;
        }
        return null;
    }

    private static string? Broken(
        string keyword,
        JsonElement want,
        JsonElement schema,
        JsonElement value,
        JsonElement root,
        string at
    )
    {
        var number = value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : (decimal?)null;
        var length =
            value.ValueKind == JsonValueKind.String ? value.GetString()!.Length : (int?)null;
        var items = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : (int?)null;
        var holds = keyword switch
        {
            "type" => want.ValueKind == JsonValueKind.Array
                ? want.EnumerateArray().Any(type => Is(value, type.GetString()!))
                : Is(value, want.GetString()!),
            "enum" => want.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)),
            "const" => JsonElement.DeepEquals(want, value),
            "minimum" => number is null || number >= want.GetDecimal(),
            "maximum" => number is null || number <= want.GetDecimal(),
            "exclusiveMinimum" => number is null || number > want.GetDecimal(),
            "exclusiveMaximum" => number is null || number < want.GetDecimal(),
            "multipleOf" => number is null || number % want.GetDecimal() == 0,
            "minLength" => length is null || length >= want.GetInt32(),
            "maxLength" => length is null || length <= want.GetInt32(),
            "pattern" => length is null
                || Regex.IsMatch(
                    value.GetString()!,
                    want.GetString()!,
                    RegexOptions.None,
                    TimeSpan.FromSeconds(1)
                ),
            "format" => length is null || FormatHolds(want.GetString()!, value.GetString()!),
            "minItems" => items is null || items >= want.GetInt32(),
            "maxItems" => items is null || items <= want.GetInt32(),
            "uniqueItems" => items is null
                || value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count()
                    == items,
            "required" => value.ValueKind != JsonValueKind.Object
                || want.EnumerateArray()
                    .All(name => value.TryGetProperty(name.GetString()!, out _)),
            "minProperties" => value.ValueKind != JsonValueKind.Object
                || value.EnumerateObject().Count() >= want.GetInt32(),
            "anyOf" => want.EnumerateArray().Any(way => Violation(way, value, root, at) is null),
            "oneOf" => want.EnumerateArray().Count(way => Violation(way, value, root, at) is null)
                == 1,
            _ => true,
        };
        if (!holds)
            return $"{at}: {keyword} {want.GetRawText()} does not hold for {value.GetRawText()}";
        return Nested(keyword, want, schema, value, root, at);
    }

    private static string? Nested(
        string keyword,
        JsonElement want,
        JsonElement schema,
        JsonElement value,
        JsonElement root,
        string at
    )
    {
        var within = keyword switch
        {
            "$ref" => [(Follow(want.GetString()!, root), value, at)],
            "allOf" => want.EnumerateArray().Select(part => (part, value, at)),
            "properties" when value.ValueKind == JsonValueKind.Object => want.EnumerateObject()
                .Where(property => value.TryGetProperty(property.Name, out _))
                .Select(property =>
                    (property.Value, value.GetProperty(property.Name), $"{at}.{property.Name}")
                ),
            "additionalProperties" when value.ValueKind == JsonValueKind.Object => value
                .EnumerateObject()
                .Where(property =>
                    !schema.TryGetProperty("properties", out var known)
                    || !known.TryGetProperty(property.Name, out _)
                )
                .Select(property => (want, property.Value, $"{at}.{property.Name}")),
            "prefixItems" when value.ValueKind == JsonValueKind.Array => want.EnumerateArray()
                .Zip(value.EnumerateArray(), (part, item) => (part, item, at + "[]")),
            "items" when value.ValueKind == JsonValueKind.Array => value
                .EnumerateArray()
                .Skip(
                    schema.TryGetProperty("prefixItems", out var first) ? first.GetArrayLength() : 0
                )
                .Select(item => (want, item, at + "[]")),
            _ => Enumerable.Empty<(JsonElement, JsonElement, string)>(),
        };
        return within
            .Select(one => Violation(one.Item1, one.Item2, root, one.Item3))
            .FirstOrDefault(broken => broken is not null);
    }

    private static JsonElement Follow(string reference, JsonElement root) =>
        reference[1..]
            .Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(root, (at, step) => at.GetProperty(step));

    private static bool Is(JsonElement value, string type) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.GetDecimal() % 1 == 0,
            "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => value.ValueKind == JsonValueKind.Null,
        };

    private static bool FormatHolds(string format, string text) =>
        format switch
        {
            "uuid" => Guid.TryParse(text, out _),
            "date-time" => DateTimeOffset.TryParse(text, out _),
            _ => true,
        };
}
