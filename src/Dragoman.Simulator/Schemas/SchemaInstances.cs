using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Schemas;

/// <summary>
/// Makes a valid instance of a JSON schema: the same for the same schema and variant. Knows types, enums, constants, bounds,
/// formats, simple patterns, references, combinations and recursion; a schema that contradicts itself gets its best effort.
/// </summary>
internal sealed class SchemaInstances
{
    // Beyond this depth only what is required is written, and the shorter of several ways is taken.
    private const int DeepFrom = 4;
    private const int DeepestEver = 24;

    // A schema that demands itself has no instance that ends: what it gets is cut off here.
    private const int MostValues = 10_000;

    private readonly JsonElement _root;
    private int _values;

    private SchemaInstances(JsonElement root) => _root = root;

    /// <summary>The instance as JSON text; an undefined schema gives an empty object. Variants differ where the schema lets them.</summary>
    public static string Of(JsonElement schema, int variant = 0)
    {
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True))
            return "{}";
        var instances = new SchemaInstances(schema);
        return Encoding.UTF8.GetString(
            Json.Bytes(json => instances.Write(json, schema, "value", 0, variant))
        );
    }

    private void Write(Utf8JsonWriter json, JsonElement schema, string name, int depth, int variant)
    {
        if (
            schema.ValueKind != JsonValueKind.Object
            || depth > DeepestEver
            || ++_values > MostValues
        )
        {
            json.WriteStringValue($"simulated {name}");
            return;
        }
        var view = SchemaView.Resolve(schema, _root);
        if (view.Constant is { } constant)
            constant.WriteTo(json);
        else if (view.Choices is { Count: > 0 } choices)
            choices[variant % choices.Count].WriteTo(json);
        else if (view.Alternatives.Count > 0)
            Write(json, Alternative(view.Alternatives, depth), name, depth + 1, variant);
        else
            WriteTyped(json, view, name, depth, variant);
    }

    /// <summary>The first way while there is room; deep down the one that ends soonest, for it may be the way out of a recursion.</summary>
    private JsonElement Alternative(IReadOnlyList<JsonElement> ways, int depth) =>
        depth < DeepFrom ? ways[0] : ways.MinBy(way => SchemaView.Resolve(way, _root).Weight);

    private void WriteTyped(
        Utf8JsonWriter json,
        SchemaView view,
        string name,
        int depth,
        int variant
    )
    {
        switch (view.TypeAt(deep: depth >= DeepFrom))
        {
            case "object":
                WriteObject(json, view, depth, variant);
                break;
            case "array":
                WriteArray(json, view, name, depth, variant);
                break;
            case "integer":
                json.WriteRawValue(
                    SchemaNumbers
                        .Of(view, whole: true, variant)
                        .ToString(CultureInfo.InvariantCulture)
                );
                break;
            case "number":
                json.WriteRawValue(
                    SchemaNumbers
                        .Of(view, whole: false, variant)
                        .ToString(CultureInfo.InvariantCulture)
                );
                break;
            case "boolean":
                json.WriteBooleanValue(variant % 2 == 0);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(SchemaStrings.Of(view, name, variant));
                break;
        }
    }

    private void WriteObject(Utf8JsonWriter json, SchemaView view, int depth, int variant)
    {
        json.WriteStartObject();
        foreach (var (property, schema) in view.Properties)
        {
            if (depth >= DeepFrom && !view.Required.Contains(property))
                continue;
            json.WritePropertyName(property);
            Write(json, schema, property, depth + 1, variant);
        }
        foreach (var property in view.Required.Where(name => !view.Properties.ContainsKey(name)))
        {
            json.WritePropertyName(property);
            Write(json, view.AdditionalProperties, property, depth + 1, variant);
        }
        for (
            var extra = Math.Max(view.Properties.Count, view.Required.Count);
            extra < view.Size("minProperties");
            extra++
        )
        {
            var property = string.Create(CultureInfo.InvariantCulture, $"key{extra + 1}");
            json.WritePropertyName(property);
            Write(json, view.AdditionalProperties, property, depth + 1, variant);
        }
        json.WriteEndObject();
    }

    private void WriteArray(
        Utf8JsonWriter json,
        SchemaView view,
        string name,
        int depth,
        int variant
    )
    {
        var least = view.Size("minItems") ?? 0;
        var most = view.Size("maxItems") ?? int.MaxValue;
        var count = Math.Min(Math.Max(least, depth >= DeepFrom ? 0 : 1), most);
        count = Math.Min(Math.Max(count, view.FirstItems.Count), most);
        json.WriteStartArray();
        for (var item = 0; item < count; item++)
        {
            var schema = item < view.FirstItems.Count ? view.FirstItems[item] : view.Items;
            // Each item is a variant of its own, so that unique items are.
            Write(json, schema, name, depth + 1, variant + item);
        }
        json.WriteEndArray();
    }
}
