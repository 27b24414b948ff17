using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Shouldly;

namespace Dragoman.TestKit;

/// <summary>Compares what was read of a recorded answer with the facts that a correct reader finds in it.</summary>
public static class RecordingFacts
{
    /// <summary>Text, reasoning, calls, why it stopped, sources and usage, by whatever way the answer went.</summary>
    public static void Check(Recording recording, ChatReply reply, string what)
    {
        var choice = reply.Choices.ShouldHaveSingleItem(what);
        Said<TextPart>(choice, static part => part.Text)
            .ShouldBe(recording.Text("text") ?? "", what);
        Said<ReasoningPart>(choice, static part => part.Text)
            .ShouldBe(recording.Text("reasoning") ?? "", what);
        if (recording.Text("finish_openai") is { } finish)
            Word(choice.Stop).ShouldBe(finish, what);
        CheckToolCalls(recording, choice, what);
        CheckCitations(recording, reply, what);
        CheckUsage(recording, reply.Usage, what);
    }

    private static string Said<T>(ChatChoice choice, Func<T, JsonText> text) =>
        string.Concat(choice.Message.Parts.OfType<T>().Select(part => text(part).ToString()));

    private static string Word(StopReason stop) =>
        stop switch
        {
            StopReason.Length => "length",
            StopReason.ToolCalls => "tool_calls",
            StopReason.ContentFilter or StopReason.Refusal => "content_filter",
            _ => "stop",
        };

    private static void CheckToolCalls(Recording recording, ChatChoice choice, string what)
    {
        var calls = choice.Message.Parts.OfType<ToolCallPart>().ToList();
        var expected = recording.Expected["tool_calls"]!.AsArray();
        calls.Count.ShouldBe(expected.Count, what);
        foreach (var (call, wanted) in calls.Zip(expected))
        {
            call.Name.ToString().ShouldBe(wanted!["name"]!.GetValue<string>(), what);
            call.Arguments.TryAsJson(out var arguments).ShouldBeTrue(what);
            JsonNode
                .DeepEquals(JsonNode.Parse(arguments.Utf8.Span), wanted["args"])
                .ShouldBeTrue($"{what}: {arguments}");
        }
    }

    /// <summary>Each source once; one without an address goes by its title, which not every dialect can say.</summary>
    private static void CheckCitations(Recording recording, ChatReply reply, string what)
    {
        var expected = recording.Expected["citations"]!
            .AsArray()
            .Select(static url => url!.GetValue<string>())
            .Where(static source => source.Contains("://", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        reply
            .Citations.Select(static citation => citation.Url.ToString())
            .Where(static url => url.Length > 0)
            .ToHashSet(StringComparer.Ordinal)
            .SetEquals(expected)
            .ShouldBeTrue($"{what}: {string.Join(' ', reply.Citations.Select(c => c.Url))}");
    }

    private static void CheckUsage(Recording recording, TokenUsage? usage, string what)
    {
        if (recording.Expected["usage"] is null)
            return;
        usage.ShouldNotBeNull(what);
        usage.TotalInput.ShouldBe(recording.Count("in"), what);
        if (recording.Count("reasoning") is { } reasoning and > 0)
            usage.Reasoning.ShouldBe(reasoning, what);
        // "out" is the provider's own count, which some keep apart from reasoning (Gemini, xAI's chat).
        (
            usage.TotalOutput == recording.Count("out") || usage.Output == recording.Count("out")
        ).ShouldBeTrue($"{what}: {usage.TotalOutput} of which {usage.Reasoning} reasoning");
        if (recording.Count("cached") is { } cached and > 0)
            usage.CacheRead.ShouldBe(Math.Min(cached, recording.Count("in")!.Value), what);
    }
}
