using System.Text.Json;

namespace Dragoman.Dialects.Schemas;

/// <summary>The keyword <c>type</c>: a word or a list of them.</summary>
internal static class SchemaTypes
{
    /// <summary>What is wrong with the kind of a value; null where nothing is.</summary>
    public static string? FaultIn(JsonElement value, JsonElement type)
    {
        switch (type.ValueKind)
        {
            case JsonValueKind.String:
                return Is(value, type.GetString()!)
                    ? null
                    : $"must be {type.GetString()!.ToLowerInvariant()}, and is {NameOf(value)}";
            case JsonValueKind.Array:
                foreach (var word in type.EnumerateArray())
                {
                    if (word.ValueKind != JsonValueKind.String || Is(value, word.GetString()!))
                        return null;
                }
                return $"must be one of {type.GetRawText()}, and is {NameOf(value)}";
            default:
                return null;
        }
    }

    private static bool Is(JsonElement value, string type) =>
        type.ToLowerInvariant() switch
        {
            "integer" => value.ValueKind == JsonValueKind.Number
                && (!value.TryGetDouble(out var number) || Math.Floor(number) == number),
            "number" => value.ValueKind == JsonValueKind.Number,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            _ => true,
        };

    private static string NameOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "boolean",
            var kind => kind.ToString().ToLowerInvariant(),
        };
}
