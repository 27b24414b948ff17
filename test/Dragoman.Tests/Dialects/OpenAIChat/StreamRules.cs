using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>What clients of this dialect rely on in a sound stream.</summary>
public static class StreamRules
{
    public static void ShouldHold(byte[] stream, string what)
    {
        var events = Encoding
            .UTF8.GetString(stream)
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events[^1].ShouldBe("data: [DONE]", what);
        events.Count(text => text == "data: [DONE]").ShouldBe(1, what);
        var chunks = events[..^1].Select(text => JsonNode.Parse(text["data: ".Length..])!).ToList();

        chunks
            .Select(chunk => chunk["id"]!.GetValue<string>())
            .Distinct()
            .ShouldHaveSingleItem(what)
            .ShouldNotBeEmpty(what);
        chunks.ShouldAllBe(
            chunk => chunk["object"]!.GetValue<string>() == "chat.completion.chunk",
            what
        );
        foreach (
            var choice in chunks
                .SelectMany(chunk => chunk["choices"]!.AsArray())
                .GroupBy(choice => choice!["index"]!.GetValue<int>())
        )
        {
            choice.First()!["delta"]!["role"]!.GetValue<string>().ShouldBe("assistant", what);
            choice.Count(chunk => chunk!["delta"]!["role"] is not null).ShouldBe(1, what);
            choice.Count(chunk => chunk!["finish_reason"] is not null).ShouldBe(1, what);
            choice.Last()!["finish_reason"].ShouldNotBeNull(what);
        }
        chunks.SkipLast(1).ShouldAllBe(chunk => chunk["usage"] == null, what);
    }
}
