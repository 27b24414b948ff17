using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>Reads facts of the catalog's data files; a member that is absent is null.</summary>
internal static class JsonFacts
{
    public static string? Text(JsonElement row, ReadOnlySpan<byte> name) =>
        row.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static long? Whole(JsonElement row, ReadOnlySpan<byte> name) =>
        row.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    public static decimal? Number(JsonElement row, ReadOnlySpan<byte> name) =>
        row.TryGetProperty(name, out var value) ? value.GetDecimal() : null;

    public static bool? Flag(JsonElement row, ReadOnlySpan<byte> name) =>
        row.TryGetProperty(name, out var value) ? value.GetBoolean() : null;

    public static IReadOnlyList<string>? Texts(JsonElement row, ReadOnlySpan<byte> name)
    {
        if (!row.TryGetProperty(name, out var list))
            return null;
        var texts = new string[list.GetArrayLength()];
        var at = 0;
        foreach (var item in list.EnumerateArray())
            texts[at++] = item.GetString()!;
        return texts;
    }
}
