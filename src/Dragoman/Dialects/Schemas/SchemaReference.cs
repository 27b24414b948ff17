using System.Text.Json;

namespace Dragoman.Dialects.Schemas;

/// <summary>Follows a <c>$ref</c> within its own schema.</summary>
internal static class SchemaReference
{
    /// <summary>What a reference points to; null for one that leads nowhere or outside.</summary>
    public static JsonElement? Find(JsonElement root, JsonElement reference)
    {
        if (
            reference.ValueKind != JsonValueKind.String
            || reference.GetString() is not ['#', ..] text
        )
            return null;
        if (text.Length == 1)
            return root;
        return text[1] == '/' ? Follow(root, text[2..]) : Anchored(root, text[1..], 0);
    }

    private static JsonElement? Follow(JsonElement at, string pointer)
    {
        foreach (var step in pointer.Split('/'))
        {
            var name = Uri.UnescapeDataString(step)
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var member))
                at = member;
            else if (
                at.ValueKind == JsonValueKind.Array
                && int.TryParse(
                    name,
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var index
                )
                && index >= 0
                && index < at.GetArrayLength()
            )
                at = at[index];
            else
                return null;
        }
        return at;
    }

    private static JsonElement? Anchored(JsonElement at, string anchor, int depth)
    {
        if (at.ValueKind != JsonValueKind.Object || depth > 32)
            return null;
        if (
            at.TryGetProperty("$anchor"u8, out var own)
            && own.ValueKind == JsonValueKind.String
            && own.GetString() == anchor
        )
            return at;
        foreach (var member in at.EnumerateObject())
        {
            if (Anchored(member.Value, anchor, depth + 1) is { } found)
                return found;
        }
        return null;
    }
}
