using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace Dragoman.Tests.Dialects.OpenAIResponses;

/// <summary>What clients of this dialect rely on in a sound stream.</summary>
public static class ResponsesStreamRules
{
    public static void ShouldHold(byte[] stream, string what)
    {
        var events = Parse(stream, what);
        var types = events.ConvertAll(item => item["type"]!.GetValue<string>());
        types[0].ShouldBe("response.created", what);
        types[1].ShouldBe("response.in_progress", what);
        types[^1].ShouldBeOneOf("response.completed", "response.incomplete");
        types.Count(type => type is "response.completed" or "response.incomplete").ShouldBe(1);
        events
            .Select(item => item["sequence_number"]!.GetValue<int>())
            .ShouldBe(Enumerable.Range(0, events.Count), what);

        var output = events[^1]["response"]!["output"]!.AsArray();
        var items = events.Where(item => item["output_index"] is not null).ToList();
        items
            .Select(item => Index(item, "output_index"))
            .Distinct()
            .Order()
            .ShouldBe(Enumerable.Range(0, output.Count), what);
        foreach (var own in items.GroupBy(item => Index(item, "output_index")))
            CheckItem([.. own], output[own.Key]!, $"{what}, item {own.Key}");
        events[0]["response"]!["id"]!
            .ToString()
            .ShouldBe(events[^1]["response"]!["id"]!.ToString());
    }

    public static List<JsonNode> Parse(byte[] stream, string what)
    {
        var events = new List<JsonNode>();
        foreach (
            var text in Encoding
                .UTF8.GetString(stream)
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var lines = text.Split('\n');
            lines.Length.ShouldBe(2, what);
            var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
            lines[0].ShouldBe("event: " + data["type"], what);
            events.Add(data);
        }
        return events;
    }

    private static void CheckItem(List<JsonNode> events, JsonNode whole, string what)
    {
        Type(events[0]).ShouldBe("response.output_item.added", what);
        Type(events[^1]).ShouldBe("response.output_item.done", what);
        events
            .Count(item => Type(item).StartsWith("response.output_item", StringComparison.Ordinal))
            .ShouldBe(2, what);
        JsonNode.DeepEquals(events[^1]["item"], whole).ShouldBeTrue(what);
        var id = whole["id"]!.ToString();
        events[0]["item"]!["id"]!.ToString().ShouldBe(id, what);
        events[1..^1].ShouldAllBe(item => item["item_id"]!.ToString() == id, what);

        foreach (var part in events.Where(item => PartOf(item) is not null).GroupBy(PartOf))
            CheckPart([.. part], whole, what);
        CheckDeltas(events, "function_call_arguments", "arguments", whole, what);
        CheckDeltas(events, "custom_tool_call_input", "input", whole, what);
    }

    private static void CheckPart(List<JsonNode> events, JsonNode item, string what)
    {
        var isSummary = events[0]["summary_index"] is not null;
        var kind = isSummary ? "response.reasoning_summary_part" : "response.content_part";
        Type(events[0]).ShouldBe(kind + ".added", what);
        Type(events[^1]).ShouldBe(kind + ".done", what);
        var index = Index(events[0], isSummary ? "summary_index" : "content_index");
        var whole = item[isSummary ? "summary" : "content"]![index]!;
        JsonNode.DeepEquals(events[^1]["part"], whole).ShouldBeTrue(what);

        var name = whole["type"]!.ToString() == "refusal" ? "refusal" : "text";
        string.Concat(
                events
                    .Where(item => Type(item).EndsWith(".delta", StringComparison.Ordinal))
                    .Select(item => item["delta"]!.GetValue<string>())
            )
            .ShouldBe(whole[name]!.GetValue<string>(), what);
        events[^2][name]!.GetValue<string>().ShouldBe(whole[name]!.GetValue<string>(), what);
        events
            .Where(item => item["annotation"] is not null)
            .Select(item => item["annotation"]!.ToJsonString())
            .ShouldBe(
                (whole["annotations"]?.AsArray() ?? []).Select(item => item!.ToJsonString()),
                what
            );
    }

    private static void CheckDeltas(
        List<JsonNode> events,
        string kind,
        string member,
        JsonNode item,
        string what
    )
    {
        var own = events
            .Where(item => Type(item).StartsWith("response." + kind, StringComparison.Ordinal))
            .ToList();
        if (own.Count == 0)
            return;
        Type(own[^1]).ShouldBe($"response.{kind}.done", what);
        own[^1][member]!.GetValue<string>().ShouldBe(item[member]!.GetValue<string>(), what);
        string.Concat(own[..^1].Select(item => item["delta"]!.GetValue<string>()))
            .ShouldBe(item[member]!.GetValue<string>(), what);
    }

    private static string? PartOf(JsonNode item) =>
        (item["summary_index"] ?? item["content_index"])?.ToString();

    private static string Type(JsonNode item) => item["type"]!.GetValue<string>();

    private static int Index(JsonNode item, string name) => item[name]!.GetValue<int>();
}
