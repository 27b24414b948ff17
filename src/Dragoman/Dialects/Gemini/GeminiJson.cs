using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// This dialect's names and the fields it carries. Its servers take names in camel case and in snake case, and clients send both;
/// written is camel case.
/// </summary>
internal static class GeminiJson
{
    /// <summary>
    /// The object that a mark stands in. A mark remembers how a request or an answer said what can be said in two ways, so that it is
    /// written back the same; it has no value, and so is no loss in other dialects.
    /// </summary>
    private const string MarkParent = "(mark)";
    private static readonly RawJson Null = RawJson.Of("null");

    /// <summary>Whether the member is called <paramref name="camel"/>, in either case.</summary>
    public static bool Is(in JsonCursor json, ReadOnlySpan<byte> camel)
    {
        if (json.Is(camel))
            return true;
        if (camel.IndexOfAnyInRange((byte)'A', (byte)'Z') < 0)
            return false;
        Span<byte> snake = stackalloc byte[2 * camel.Length];
        var length = 0;
        foreach (var letter in camel)
        {
            if (letter is >= (byte)'A' and <= (byte)'Z')
                snake[length++] = (byte)'_';
            snake[length++] = (byte)(letter | 0x20);
        }
        return json.Is(snake[..length]);
    }

    /// <summary>Writes the members this dialect carried for an object, or for one inside it.</summary>
    public static void WriteRaw(
        Utf8JsonWriter json,
        IReadOnlyList<RawField> fields,
        string? parent = null
    ) => DialectJson.WriteRaw(json, fields, GeminiDialect.DialectName, parent);

    /// <summary>Whether there is anything to write for the object <paramref name="parent"/>, or a field of that name.</summary>
    public static bool Has(
        IReadOnlyList<RawField> fields,
        string? parent,
        ReadOnlySpan<byte> name = default
    ) => DialectJson.Has(fields, GeminiDialect.DialectName, parent, name);

    /// <summary>Names the fields of other dialects, which cannot be said here.</summary>
    public static void NameLosses(IReadOnlyList<RawField> fields, string where, Losses losses) =>
        DialectJson.NameLosses(fields, GeminiDialect.DialectName, where, losses);

    /// <summary>A mark to be carried.</summary>
    public static RawField Mark(string name) =>
        new(GeminiDialect.DialectName, MarkParent, JsonText.Of(name), Null);

    public static bool IsMarked(IReadOnlyList<RawField> fields, ReadOnlySpan<byte> name) =>
        fields.Count > 0 && Has(fields, MarkParent, name);

    /// <summary>Adds a mark to what an owner carries.</summary>
    public static IReadOnlyList<RawField> Marked(IReadOnlyList<RawField> fields, string name) =>
        [.. fields, Mark(name)];
}
