using System.Text.Json;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>Fields as Google's JSON has them: in camelCase, and in snake_case as well (protobuf.dev/programming-guides/json, seen 2026-11).</summary>
internal static class GeminiFields
{
    public static JsonElement Either(this JsonElement of, string name) =>
        of.ValueKind != JsonValueKind.Object ? default
        : of.TryGetProperty(name, out var field) ? field
        : of.TryGetProperty(Snake(name), out field) ? field
        : default;

    public static IEnumerable<JsonElement> EitherItems(this JsonElement of, string name) =>
        of.Either(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static string? EitherText(this JsonElement of, string name) =>
        of.Either(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static int? EitherNumber(this JsonElement of, string name) =>
        of.Either(name) is { ValueKind: JsonValueKind.Number } number
        && number.TryGetInt32(out var value)
            ? value
            : null;

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
