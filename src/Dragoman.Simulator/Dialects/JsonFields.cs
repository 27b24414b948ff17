using System.Text.Json;

namespace Dragoman.Simulator.Dialects;

/// <summary>Fields of a request, each absent where it is not of the wanted kind.</summary>
internal static class JsonFields
{
    public static JsonElement Field(this JsonElement of, string name, JsonValueKind kind) =>
        of.ValueKind == JsonValueKind.Object
        && of.TryGetProperty(name, out var field)
        && field.ValueKind == kind
            ? field
            : default;

    public static JsonElement Object(this JsonElement of, string name) =>
        of.Field(name, JsonValueKind.Object);

    /// <summary>The items of an array; none where it is absent.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement of, string name) =>
        of.Field(name, JsonValueKind.Array) is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray()
            : [];

    public static string? Text(this JsonElement of, string name) =>
        of.Field(name, JsonValueKind.String) is { ValueKind: JsonValueKind.String } field
            ? field.GetString()
            : null;

    public static int? Number(this JsonElement of, string name) =>
        of.Field(name, JsonValueKind.Number) is { ValueKind: JsonValueKind.Number } field
        && field.TryGetInt32(out var value)
            ? value
            : null;

    public static bool? Flag(this JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var field)
            ? field.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            }
            : null;

    /// <summary>The strings of an array, or the one string in its place.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement of, string name) =>
        of.Text(name) is { } one
            ? [one]
            :
            [
                .. of.Items(name)
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString()!),
            ];

    public static bool Has(this JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object
        && of.TryGetProperty(name, out var field)
        && field.ValueKind != JsonValueKind.Null;
}
