using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;

namespace Dragoman.TestKit;

/// <summary>Compares JSON by meaning: the order of members, escapes and the spelling of numbers do not count.</summary>
public static partial class JsonEquality
{
    /// <summary>Fails unless both are equal but for <see cref="KnownChanges"/>.</summary>
    public static void ShouldBeEqual(
        ReadOnlyMemory<byte> expected,
        ReadOnlyMemory<byte> actual,
        string what
    )
    {
        using var one = JsonDocument.Parse(expected);
        using var other = JsonDocument.Parse(actual);
        var differences = new List<string>();
        Compare(one.RootElement, other.RootElement, "", differences);
        differences.RemoveAll(KnownChanges.Allows);
        differences.ShouldBeEmpty(what);
    }

    private static void Compare(
        JsonElement expected,
        JsonElement actual,
        string path,
        List<string> differences
    )
    {
        if (expected.ValueKind != actual.ValueKind)
            differences.Add($"{path}: {expected.GetRawText()} became {actual.GetRawText()}");
        else if (expected.ValueKind is JsonValueKind.Object)
            CompareMembers(expected, actual, path, differences);
        else if (expected.ValueKind is JsonValueKind.Array)
            CompareItems(expected, actual, path, differences);
        else if (!IsSame(expected, actual))
            differences.Add($"{path}: {expected.GetRawText()} became {actual.GetRawText()}");
    }

    private static void CompareMembers(
        JsonElement expected,
        JsonElement actual,
        string path,
        List<string> differences
    )
    {
        foreach (var member in expected.EnumerateObject())
        {
            if (actual.TryGetProperty(member.Name, out var other))
                Compare(member.Value, other, $"{path}.{member.Name}", differences);
            else
                differences.Add($"{path}.{member.Name} was lost");
        }
        foreach (var member in actual.EnumerateObject())
        {
            if (!expected.TryGetProperty(member.Name, out _))
                differences.Add($"{path}.{member.Name} was added");
        }
    }

    private static void CompareItems(
        JsonElement expected,
        JsonElement actual,
        string path,
        List<string> differences
    )
    {
        if (expected.GetArrayLength() != actual.GetArrayLength())
        {
            differences.Add($"{path}: {expected.GetRawText()} became {actual.GetRawText()}");
            return;
        }
        for (var i = 0; i < expected.GetArrayLength(); i++)
            Compare(expected[i], actual[i], $"{path}[{i}]", differences);
    }

    private static bool IsSame(JsonElement expected, JsonElement actual) =>
        expected.ValueKind switch
        {
            JsonValueKind.String => Unescaped(expected) == Unescaped(actual),
            JsonValueKind.Number => expected.GetDouble().Equals(actual.GetDouble()),
            _ => true,
        };

    /// <summary>GetString throws on half a surrogate pair, which must survive too.</summary>
    private static string Unescaped(JsonElement text) =>
        Escape()
            .Replace(
                text.GetRawText(),
                escape =>
                    escape.Value switch
                    {
                        "\\n" => "\n",
                        "\\r" => "\r",
                        "\\t" => "\t",
                        "\\b" => "\b",
                        "\\f" => "\f",
                        { Length: 6 } unit => ((char)Convert.ToUInt16(unit[2..], 16)).ToString(),
                        var plain => plain[1..],
                    }
            );

    [GeneratedRegex(@"\\(u[0-9a-fA-F]{4}|.)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escape();
}
