using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>Names the place of an offset in a JSON body, e.g. <c>messages[2].content</c>: found again when it is needed, so that reading keeps no path.</summary>
internal static class JsonPath
{
    /// <summary>The path of the value at <paramref name="offset"/>; empty for the body itself.</summary>
    public static string At(ReadOnlySpan<byte> body, int offset)
    {
        var steps = new Stack<(string? Name, int Index)>();
        var reader = new Utf8JsonReader(
            body,
            new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
        );
        var name = (string?)null;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = JsonUnescape.StringOrNull(ref reader);
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    steps.Pop();
                    continue;
            }
            if (steps.TryPop(out var around))
                steps.Push(name is null ? (around.Name, around.Index + 1) : (name, -1));
            name = null;
            if (reader.TokenStartIndex >= offset)
                break;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                steps.Push((null, -1));
        }
        return steps.Reverse().Aggregate("", Append);
    }

    /// <summary>The path of a member of what is at <paramref name="path"/>.</summary>
    public static string Below(string path, string member) =>
        path.Length == 0 ? member : $"{path}.{member}";

    private static string Append(string path, (string? Name, int Index) step) =>
        step.Name is not null ? Below(path, step.Name)
        : step.Index >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{path}[{step.Index}]")
        : path;
}
