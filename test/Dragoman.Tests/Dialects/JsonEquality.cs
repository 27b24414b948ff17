using System.Text.Json.Nodes;
using Shouldly;

namespace Dragoman.Tests.Dialects;

/// <summary>Compares JSON by meaning: the order of members and the spelling of numbers do not count.</summary>
public static class JsonEquality
{
    public static void ShouldBeEqual(
        ReadOnlyMemory<byte> expected,
        ReadOnlyMemory<byte> actual,
        string what
    )
    {
        var differences = new List<string>();
        Compare(JsonNode.Parse(expected.Span), JsonNode.Parse(actual.Span), "", differences);
        differences.RemoveAll(KnownChanges.Allows);
        differences.ShouldBeEmpty(what);
    }

    private static void Compare(
        JsonNode? expected,
        JsonNode? actual,
        string path,
        List<string> differences
    )
    {
        if (expected is JsonObject one && actual is JsonObject other)
        {
            foreach (
                var name in one.Select(member => member.Key)
                    .Union(other.Select(member => member.Key))
            )
            {
                if (!one.ContainsKey(name))
                    differences.Add($"{path}.{name} was added");
                else if (!other.ContainsKey(name))
                    differences.Add($"{path}.{name} was lost");
                else
                    Compare(one[name], other[name], $"{path}.{name}", differences);
            }
        }
        else if (
            expected is JsonArray list
            && actual is JsonArray others
            && list.Count == others.Count
        )
        {
            for (var i = 0; i < list.Count; i++)
                Compare(list[i], others[i], $"{path}[{i}]", differences);
        }
        else if (!JsonNode.DeepEquals(expected, actual))
        {
            differences.Add(
                $"{path}: {expected?.ToJsonString() ?? "null"} became {actual?.ToJsonString() ?? "null"}"
            );
        }
    }
}
