using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>Puts a message together from chunks as clients of this dialect do: texts joined, lists gathered, calls by index.</summary>
internal static class StreamedMessage
{
    public static JsonElement Of(ReadOnlySpan<byte> stream)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        foreach (var line in Encoding.UTF8.GetString(stream).Split('\n'))
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
                continue;
            foreach (var choice in JsonNode.Parse(line[6..])!["choices"]!.AsArray())
                Add(message, choice!["delta"]!.AsObject());
        }
        return JsonDocument.Parse(message.ToJsonString()).RootElement.Clone();
    }

    private static void Add(JsonObject message, JsonObject delta)
    {
        foreach (var (name, value) in delta)
        {
            if (value is null || name == "role")
                continue;
            if (name == "tool_calls")
                AddCalls(message, value.AsArray());
            else if (value is JsonArray list)
            {
                var all = (message[name] ??= new JsonArray()).AsArray();
                foreach (var item in list)
                    all.Add(item!.DeepClone());
            }
            else
                message[name] = message[name]?.GetValue<string>() + value.GetValue<string>();
        }
    }

    private static void AddCalls(JsonObject message, JsonArray deltas)
    {
        var calls = (message["tool_calls"] ??= new JsonArray()).AsArray();
        foreach (var delta in deltas)
        {
            var index = delta!["index"]!.GetValue<int>();
            if (index == calls.Count)
            {
                var begun = delta.DeepClone().AsObject();
                begun.Remove("index");
                calls.Add(begun);
            }
            else if (delta["function"]?["arguments"] is { } more)
                calls[index]!["function"]!["arguments"] =
                    calls[index]!["function"]!["arguments"]!.GetValue<string>()
                    + more.GetValue<string>();
        }
    }
}
