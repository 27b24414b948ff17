using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

/// <summary>What Anthropic's libraries rely on in a streamed message.</summary>
internal static class MessageGrammar
{
    /// <summary>The events of a stream; each is named as its type.</summary>
    public static List<JsonNode> Events(ReadOnlySpan<byte> stream, string what)
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
            lines[0].ShouldStartWith("event: ", customMessage: what);
            lines[1].ShouldStartWith("data: ", customMessage: what);
            var data = JsonNode.Parse(lines[1][6..])!;
            data["type"]!.GetValue<string>().ShouldBe(lines[0][7..], what);
            events.Add(data);
        }
        return events;
    }

    public static void ShouldHold(ReadOnlySpan<byte> stream, string what)
    {
        var events = Events(stream, what);
        var types = events.ConvertAll(data => data["type"]!.GetValue<string>());
        types[0].ShouldBe("message_start", what);
        types[^2].ShouldBe("message_delta", what);
        types[^1].ShouldBe("message_stop", what);
        types
            .Count(type => type is "message_start" or "message_delta" or "message_stop")
            .ShouldBe(3, what);
        var message = events[0]["message"]!;
        message["id"]!.GetValue<string>().ShouldNotBeEmpty(what);
        message["model"]!.GetValue<string>().ShouldNotBeEmpty(what);
        message["content"]!.AsArray().ShouldBeEmpty(what);
        message["usage"]!["input_tokens"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(0, what);
        events[^2]["usage"]!["output_tokens"]!
            .GetValue<long>()
            .ShouldBeGreaterThanOrEqualTo(0, what);
        events[^2]["delta"]!["stop_reason"]!.GetValue<string>().ShouldNotBeEmpty(what);

        var (open, next) = (-1, 0);
        foreach (var data in events)
        {
            switch (data["type"]!.GetValue<string>())
            {
                case "content_block_start":
                    open.ShouldBe(-1, what);
                    open = data["index"]!.GetValue<int>();
                    open.ShouldBe(next++, what);
                    break;
                case "content_block_delta":
                    data["index"]!.GetValue<int>().ShouldBe(open, what);
                    break;
                case "content_block_stop":
                    data["index"]!.GetValue<int>().ShouldBe(open, what);
                    open = -1;
                    break;
            }
        }
        open.ShouldBe(-1, what);
    }
}
