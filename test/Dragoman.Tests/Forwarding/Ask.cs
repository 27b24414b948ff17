using System.Text.Json;
using Dragoman.TestKit;
using Shouldly;

namespace Dragoman.Tests.Forwarding;

/// <summary>Bodies of requests, and what is looked for in answers.</summary>
internal static class Ask
{
    public const string Plain =
        """{"model":"a-route","messages":[{"role":"user","content":"Hello there"}]}""";
    public const string Streamed =
        """{"model":"a-route","stream":true,"messages":[{"role":"user","content":"Hello there"}]}""";
    public const string Embedding = """{"model":"a-route","input":"Hello there"}""";

    public static string For(bool stream) => stream ? Streamed : Plain;

    /// <summary>The <c>data:</c> of each event of a stream with LF line ends.</summary>
    public static string[] Events(this FinishedExchange finished) =>
        finished
            .Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(item => item.StartsWith("data: ", StringComparison.Ordinal))
            .Select(item => item[6..])
            .ToArray();

    /// <summary>The <c>error</c> object of an error answer, or of a stream's last event.</summary>
    public static JsonElement Error(this FinishedExchange finished)
    {
        var json =
            finished.Reply.ContentType == "text/event-stream"
                ? finished.Events()[^1]
                : finished.Text;
        var error = JsonDocument.Parse(json).RootElement.GetProperty("error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        return error;
    }

    public static string? Code(this JsonElement error) =>
        error.GetProperty("code").ValueKind == JsonValueKind.Number
            ? error.GetProperty("code").GetRawText()
            : error.GetProperty("code").GetString();

    /// <summary>The text that a stream's deltas make, with LF line ends.</summary>
    public static string Content(this FinishedExchange finished) => ContentOf(finished.Events());

    public static string ContentOf(IEnumerable<string> events)
    {
        var text = "";
        foreach (var data in events)
        {
            if (data == "[DONE]")
                continue;
            var root = JsonDocument.Parse(data).RootElement;
            if (!root.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0)
                continue;
            if (
                choices[0].TryGetProperty("delta", out var delta)
                && delta.TryGetProperty("content", out var content)
            )
                text += content.GetString();
        }
        return text;
    }
}
