using System.Globalization;
using System.Text.Json;

namespace Dragoman.Dialects.Schemas;

/// <summary>
/// Validates against the core keywords of JSON Schema draft 2020-12, and OpenAPI's <c>nullable</c> and upper-case types, which
/// Gemini uses. Keywords it does not know hold nothing against an answer; addresses outside the schema are never fetched.
/// </summary>
/// <param name="root">The whole schema, which <c>$ref</c> points into.</param>
internal sealed class SchemaValidator(JsonElement root)
{
    /// <summary>A schema that refers to itself without end is given up, as one that holds nothing against the answer.</summary>
    private const int MaxDepth = 128;

    /// <summary>Steps of one validation, so that no schema costs more than its answer is worth.</summary>
    private int _stepsLeft = 200_000;

    /// <summary>Where the answer breaks the schema and how; null where it does not.</summary>
    public string? FaultIn(JsonElement value) => FaultIn(value, root, "", 0);

    private string? FaultIn(JsonElement value, JsonElement schema, string at, int depth)
    {
        if (schema.ValueKind == JsonValueKind.False)
            return Say(at, "must not be there");
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth || --_stepsLeft < 0)
            return null;
        if (
            value.ValueKind == JsonValueKind.Null
            && schema.TryGetProperty("nullable"u8, out var nullable)
            && nullable.ValueKind == JsonValueKind.True
        )
            return null;
        foreach (var keyword in schema.EnumerateObject())
        {
            if (FaultOf(keyword, value, schema, at, depth + 1) is { } fault)
                return fault;
        }
        return null;
    }

    private string? FaultOf(
        JsonProperty keyword,
        JsonElement value,
        JsonElement schema,
        string at,
        int depth
    )
    {
        var rule = keyword.Value;
        switch (keyword.Name)
        {
            case "type":
                return SchemaTypes.FaultIn(value, rule) is { } kind ? Say(at, kind) : null;
            case "enum":
                return
                    rule.ValueKind != JsonValueKind.Array
                    || rule.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value))
                    ? null
                    : Say(at, $"must be one of {Shorten(rule)}");
            case "const":
                return JsonElement.DeepEquals(rule, value)
                    ? null
                    : Say(at, $"must be {Shorten(rule)}");
            case "$ref" or "$dynamicRef":
                return SchemaReference.Find(root, rule) is { } target
                    ? FaultIn(value, target, at, depth)
                    : null;
            case "allOf":
                return First(rule, part => FaultIn(value, part, at, depth));
            case "anyOf":
                return Matches(rule, value, at, depth) == 0 ? None(rule, value, at, depth) : null;
            case "oneOf":
                return Matches(rule, value, at, depth) switch
                {
                    1 => null,
                    0 => None(rule, value, at, depth),
                    var many => Say(
                        at,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"follows {many} of the schemas of which it must follow one"
                        )
                    ),
                };
            case "not":
                return FaultIn(value, rule, at, depth) is null
                    ? Say(at, "is what it must not be")
                    : null;
            case "if":
                var branch = FaultIn(value, rule, at, depth) is null ? "then" : "else";
                return schema.TryGetProperty(branch, out var follow)
                    ? FaultIn(value, follow, at, depth)
                    : null;
            default:
                return value.ValueKind switch
                {
                    JsonValueKind.Object => FaultInObject(keyword, value, schema, at, depth),
                    JsonValueKind.Array => FaultInList(keyword, value, schema, at, depth),
                    JsonValueKind.String or JsonValueKind.Number => SchemaScalars.FaultIn(
                        value,
                        keyword
                    )
                        is { } fault
                        ? Say(at, fault)
                        : null,
                    _ => null,
                };
        }
    }

    private string? FaultInObject(
        JsonProperty keyword,
        JsonElement value,
        JsonElement schema,
        string at,
        int depth
    )
    {
        var rule = keyword.Value;
        switch (keyword.Name)
        {
            case "required" when rule.ValueKind == JsonValueKind.Array:
                foreach (var name in rule.EnumerateArray())
                {
                    if (
                        name.ValueKind == JsonValueKind.String
                        && !value.TryGetProperty(name.GetString()!, out _)
                    )
                        return Say(at, $"lacks '{name.GetString()}'");
                }
                return null;
            case "properties" when rule.ValueKind == JsonValueKind.Object:
                return First(
                    value,
                    member =>
                        rule.TryGetProperty(member.Name, out var inner)
                            ? FaultIn(member.Value, inner, Below(at, member.Name), depth)
                            : null
                );
            case "additionalProperties":
                return First(
                    value,
                    member =>
                        IsNamed(schema, member.Name)
                            ? null
                            : FaultIn(member.Value, rule, Below(at, member.Name), depth)
                );
            case "patternProperties" when rule.ValueKind == JsonValueKind.Object:
                return First(
                    value,
                    member =>
                        First(
                            rule,
                            pattern =>
                                SchemaScalars.Matches(member.Name, pattern.Name)
                                    ? FaultIn(
                                        member.Value,
                                        pattern.Value,
                                        Below(at, member.Name),
                                        depth
                                    )
                                    : null
                        )
                );
            case "propertyNames":
                return First(
                    value,
                    member =>
                        FaultIn(
                            JsonSerializer.SerializeToElement(
                                member.Name,
                                Catalog.JsonStrings.Default.String
                            ),
                            rule,
                            Below(at, member.Name) + " (its name)",
                            depth
                        )
                );
            case "minProperties" when SchemaScalars.Count(rule) > value.GetPropertyCount():
                return Say(at, $"must have at least {Shorten(rule)} members");
            case "maxProperties" when SchemaScalars.Count(rule) < value.GetPropertyCount():
                return Say(at, $"must have at most {Shorten(rule)} members");
            case "dependentRequired" when rule.ValueKind == JsonValueKind.Object:
                return First(
                    rule,
                    member =>
                        member.Value.ValueKind == JsonValueKind.Array
                        && value.TryGetProperty(member.Name, out _)
                        && member
                            .Value.EnumerateArray()
                            .FirstOrDefault(name =>
                                name.ValueKind == JsonValueKind.String
                                && !value.TryGetProperty(name.GetString()!, out _)
                            )
                            is { ValueKind: JsonValueKind.String } missing
                            ? Say(at, $"lacks '{missing.GetString()}'")
                            : null
                );
            case "dependentSchemas" when rule.ValueKind == JsonValueKind.Object:
                return First(
                    rule,
                    member =>
                        value.TryGetProperty(member.Name, out _)
                            ? FaultIn(value, member.Value, at, depth)
                            : null
                );
            default:
                return null;
        }
    }

    private string? FaultInList(
        JsonProperty keyword,
        JsonElement value,
        JsonElement schema,
        string at,
        int depth
    )
    {
        var rule = keyword.Value;
        switch (keyword.Name)
        {
            case "items" when rule.ValueKind != JsonValueKind.Array:
                var first =
                    schema.TryGetProperty("prefixItems"u8, out var prefix)
                    && prefix.ValueKind == JsonValueKind.Array
                        ? prefix.GetArrayLength()
                        : 0;
                return FaultInItems(value, first, int.MaxValue, _ => rule, at, depth);
            // The tuple form of drafts before 2020-12.
            case "prefixItems" or "items" when rule.ValueKind == JsonValueKind.Array:
                return FaultInItems(value, 0, rule.GetArrayLength(), i => rule[i], at, depth);
            case "minItems" when SchemaScalars.Count(rule) > value.GetArrayLength():
                return Say(at, $"must have at least {Shorten(rule)} items");
            case "maxItems" when SchemaScalars.Count(rule) < value.GetArrayLength():
                return Say(at, $"must have at most {Shorten(rule)} items");
            case "uniqueItems" when rule.ValueKind == JsonValueKind.True:
                return IsUnique(value) ? null : Say(at, "must not repeat an item");
            case "contains":
                var found = value
                    .EnumerateArray()
                    .Count(item => FaultIn(item, rule, at, depth) is null);
                var least = schema.TryGetProperty("minContains"u8, out var min)
                    ? SchemaScalars.Count(min) ?? 1
                    : 1;
                var most = schema.TryGetProperty("maxContains"u8, out var max)
                    ? SchemaScalars.Count(max) ?? int.MaxValue
                    : int.MaxValue;
                return found >= least && found <= most
                    ? null
                    : Say(at, "does not hold the items that it must");
            default:
                return null;
        }
    }

    private string? FaultInItems(
        JsonElement list,
        int from,
        int to,
        Func<int, JsonElement> schemaOf,
        string at,
        int depth
    )
    {
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (
                index >= from
                && index < to
                && FaultIn(
                    item,
                    schemaOf(index),
                    string.Create(CultureInfo.InvariantCulture, $"{at}[{index}]"),
                    depth
                )
                    is { } fault
            )
                return fault;
            index++;
        }
        return null;
    }

    private bool IsUnique(JsonElement list)
    {
        var items = list.EnumerateArray().ToList();
        for (var i = 0; i < items.Count; i++)
        for (var j = 0; j < i; j++)
        {
            if (--_stepsLeft < 0)
                return true;
            if (JsonElement.DeepEquals(items[i], items[j]))
                return false;
        }
        return true;
    }

    private int Matches(JsonElement schemas, JsonElement value, string at, int depth) =>
        schemas.ValueKind == JsonValueKind.Array
            ? schemas.EnumerateArray().Count(part => FaultIn(value, part, at, depth) is null)
            : 1;

    /// <summary>Of one choice alone its own fault says most.</summary>
    private string? None(JsonElement schemas, JsonElement value, string at, int depth) =>
        schemas.GetArrayLength() == 1
            ? FaultIn(value, schemas[0], at, depth)
            : Say(at, "follows none of the schemas of which it must follow one");

    private static bool IsNamed(JsonElement schema, string name) =>
        (
            schema.TryGetProperty("properties"u8, out var properties)
            && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty(name, out _)
        )
        || (
            schema.TryGetProperty("patternProperties"u8, out var patterns)
            && patterns.ValueKind == JsonValueKind.Object
            && patterns.EnumerateObject().Any(p => SchemaScalars.Matches(name, p.Name))
        );

    private static string? First(JsonElement list, Func<JsonElement, string?> fault)
    {
        if (list.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var item in list.EnumerateArray())
        {
            if (fault(item) is { } said)
                return said;
        }
        return null;
    }

    private static string? First(JsonElement members, Func<JsonProperty, string?> fault)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (fault(member) is { } said)
                return said;
        }
        return null;
    }

    private static string Below(string at, string name) => at.Length == 0 ? name : $"{at}.{name}";

    private static string Say(string at, string what) =>
        at.Length == 0 ? $"it {what}" : $"{at} {what}";

    private static string Shorten(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Length <= 80 ? text : text[..79] + "…";
    }
}
