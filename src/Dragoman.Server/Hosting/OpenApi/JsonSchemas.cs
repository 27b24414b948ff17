using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;

namespace Dragoman.Server.Hosting.OpenApi;

/// <summary>The schemas of types that are written as JSON, each told once under its name.</summary>
internal sealed class JsonSchemas(OpenApiDocument document)
{
    private static readonly JsonSchemaExporterOptions Exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
    };

    /// <summary>A reference to the schema of a type.</summary>
    public IOpenApiSchema Of(JsonTypeInfo type)
    {
        var name = NameOf(type.Type);
        var schemas = document.Components!.Schemas!;
        if (!schemas.ContainsKey(name))
            schemas[name] = Convert(type.GetJsonSchemaAsNode(Exporting));
        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>An object of which only the names of members are told.</summary>
    public static OpenApiSchema OfMembers(IEnumerable<string> members) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = members
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .ToDictionary(
                    static name => name,
                    static IOpenApiSchema (_) => new OpenApiSchema(),
                    StringComparer.Ordinal
                ),
        };

    public static OpenApiSchema Free() =>
        new() { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = true };

    public static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static string NameOf(Type type) =>
        type.IsGenericType
            ? string.Concat(type.GetGenericArguments().Select(NameOf))
                + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]
            : type.Name;

    private static OpenApiSchema Convert(JsonNode? node)
    {
        var schema = new OpenApiSchema();
        // 'true' stands for anything: a converter of our own writes it.
        if (node is not JsonObject said)
            return schema;
        // What holds itself is told by its place in the whole, which nobody follows here.
        if (said.ContainsKey("$ref"))
        {
            schema.Type = JsonSchemaType.Object;
            return schema;
        }
        schema.Type = TypeOf(said["type"]);
        schema.Format = said["format"]?.GetValue<string>();
        schema.Pattern = said["pattern"]?.GetValue<string>();
        if (said["properties"] is JsonObject properties)
            schema.Properties = properties.ToDictionary(
                static property => property.Key,
                static IOpenApiSchema (property) => Convert(property.Value),
                StringComparer.Ordinal
            );
        if (said["required"] is JsonArray required)
            schema.Required = required
                .Select(static name => name!.GetValue<string>())
                .ToHashSet(StringComparer.Ordinal);
        if (said["items"] is { } items)
            schema.Items = Convert(items);
        if (said["additionalProperties"] is JsonObject more)
            schema.AdditionalProperties = Convert(more);
        if (said["enum"] is JsonArray words)
            schema.Enum = [.. words.OfType<JsonNode>().Select(static word => word.DeepClone())];
        return schema;
    }

    private static JsonSchemaType? TypeOf(JsonNode? said) =>
        said switch
        {
            JsonValue one => Word(one.GetValue<string>()),
            JsonArray several => several
                .Select(static one => Word(one!.GetValue<string>()))
                .Aggregate(static (all, one) => all | one),
            _ => null,
        };

    private static JsonSchemaType Word(string word) =>
        word switch
        {
            "null" => JsonSchemaType.Null,
            "boolean" => JsonSchemaType.Boolean,
            "integer" => JsonSchemaType.Integer,
            "number" => JsonSchemaType.Number,
            "string" => JsonSchemaType.String,
            "array" => JsonSchemaType.Array,
            _ => JsonSchemaType.Object,
        };
}
