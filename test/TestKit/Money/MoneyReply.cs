using System.Text.Json.Nodes;

namespace Dragoman.TestKit.Money;

/// <summary>Puts a case's usage where its dialect puts it: into a whole reply, and into a stream.</summary>
public static class MoneyReply
{
    /// <summary>A whole reply.</summary>
    public static string Whole(MoneyCase of)
    {
        var reply = of.IsEmbedding ? Embedding(of.Dialect) : Shell(of.Dialect);
        Put(reply, of);
        return reply.ToJsonString();
    }

    /// <summary>The same reply as a stream.</summary>
    public static string Stream(MoneyCase of) =>
        of.Dialect switch
        {
            "openai" => OpenAI(of),
            "openai-responses" => Responses(of),
            "anthropic" => Anthropic(of),
            "gemini" => Event(Whole(of)),
            "ollama" => """{"message":{"role":"assistant","content":"Hi"},"done":false}"""
                + "\n"
                + Whole(of)
                + "\n",
            var other => throw new ArgumentException(other, nameof(of)),
        };

    private static JsonObject Shell(string dialect) =>
        JsonNode
            .Parse(
                dialect switch
                {
                    "openai" =>
                        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""",
                    "openai-responses" =>
                        """{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}]}""",
                    "anthropic" =>
                        """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","stop_sequence":null}""",
                    "gemini" =>
                        """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP","index":0}],"modelVersion":"m"}""",
                    "ollama" =>
                        """{"model":"m","created_at":"2026-11-20T10:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}""",
                    _ => throw new ArgumentException(dialect, nameof(dialect)),
                }
            )!
            .AsObject();

    private static JsonObject Embedding(string dialect) =>
        JsonNode
            .Parse(
                dialect == "ollama"
                    ? """{"model":"m","embeddings":[[0.5,0.25]]}"""
                    : """{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5,0.25]}]}"""
            )!
            .AsObject();

    private static void Put(JsonObject reply, MoneyCase of)
    {
        if (of.Dialect == "ollama")
            Add(reply, of.Usage!);
        else
            reply[of.Dialect == "gemini" ? "usageMetadata" : "usage"] = of.Usage!.DeepClone();
        Add(reply, of.Reply ?? []);
    }

    private static void Add(JsonObject to, JsonObject members)
    {
        foreach (var (name, value) in members)
            to[name] = value?.DeepClone();
    }

    private static string OpenAI(MoneyCase of)
    {
        var last = new JsonObject
        {
            ["object"] = "chat.completion.chunk",
            ["choices"] = new JsonArray(),
        };
        Put(last, of);
        return Event(
                """{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"""
            )
            + Event(last.ToJsonString())
            + Event("[DONE]");
    }

    private static string Responses(MoneyCase of)
    {
        var begun = Shell(of.Dialect);
        (begun["status"], begun["output"]) = ("in_progress", new JsonArray());
        return Named("response.created", new JsonObject { ["response"] = begun })
            + Named(
                "response.output_text.delta",
                new JsonObject
                {
                    ["item_id"] = "msg_1",
                    ["output_index"] = 0,
                    ["content_index"] = 0,
                    ["delta"] = "Hi",
                }
            )
            + Named(
                "response.completed",
                new JsonObject { ["response"] = JsonNode.Parse(Whole(of)) }
            );
    }

    /// <summary>The start tells the prompt's counts and a first token, the end the answer's.</summary>
    private static string Anthropic(MoneyCase of)
    {
        var start = Shell(of.Dialect);
        Put(start, of);
        (start["content"], start["stop_reason"]) = (new JsonArray(), null);
        var usage = start["usage"]!.AsObject();
        var end = new JsonObject();
        foreach (var name in (string[])["output_tokens", "output_tokens_details"])
        {
            if (usage[name] is { } count)
                end[name] = count.DeepClone();
        }
        if (end.Count > 0)
            usage["output_tokens"] = 1;
        usage.Remove("output_tokens_details");
        return Named("message_start", new JsonObject { ["message"] = start })
            + Named(
                "content_block_start",
                new JsonObject
                {
                    ["index"] = 0,
                    ["content_block"] = new JsonObject { ["type"] = "text", ["text"] = "" },
                }
            )
            + Named(
                "content_block_delta",
                new JsonObject
                {
                    ["index"] = 0,
                    ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = "Hi" },
                }
            )
            + Named("content_block_stop", new JsonObject { ["index"] = 0 })
            + Named(
                "message_delta",
                new JsonObject
                {
                    ["delta"] = new JsonObject
                    {
                        ["stop_reason"] = "end_turn",
                        ["stop_sequence"] = null,
                    },
                    ["usage"] = end,
                }
            )
            + Named("message_stop", []);
    }

    private static string Named(string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        return $"event: {type}\n{Event(data.ToJsonString())}";
    }

    private static string Event(string data) => $"data: {data}\n\n";
}
