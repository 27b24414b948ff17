using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>Reads the body of a chat completion request, or says what is wrong with it.</summary>
internal static class ChatCallReader
{
    public static ChatCall? Read(JsonElement root, out ApiError? error)
    {
        if (
            !root.TryGetProperty("messages", out var messages)
            || messages.ValueKind != JsonValueKind.Array
            || messages.GetArrayLength() == 0
        )
        {
            error = Wrong("messages", "The request needs a non-empty array of messages.");
            return null;
        }
        if (TranscriptReader.Read(messages, out var mistake) is not { } transcript)
        {
            error = Wrong("messages", mistake!);
            return null;
        }
        error = WrongNumber(root);
        if (error is not null)
            return null;

        var options = root.Field("stream_options", JsonValueKind.Object);
        var (format, schema) = Format(root);
        var (demand, tool) = Demand(root);
        return new ChatCall
        {
            Transcript = transcript,
            Stream = root.Flag("stream") ?? false,
            HasStreamOptions = options.ValueKind == JsonValueKind.Object,
            IncludeUsage =
                options.ValueKind == JsonValueKind.Object && options.Flag("include_usage") == true,
            Choices = root.Number("n") ?? 1,
            MaxTokens = root.Number("max_completion_tokens") ?? root.Number("max_tokens"),
            Stops = root.Texts("stop"),
            LogProbs = root.Flag("logprobs") ?? false,
            TopLogProbs = root.Number("top_logprobs") ?? 0,
            User = root.Text("user"),
            ReasoningEffort = root.Text("reasoning_effort"),
            Format = format,
            Schema = schema,
            Tools = Tools(root),
            Demand = demand,
            DemandedTool = tool,
            ParallelTools = root.Flag("parallel_tool_calls") ?? true,
        };
    }

    private static ApiError Wrong(string param, string message) => new(400, message, Param: param);

    private static ApiError? WrongNumber(JsonElement root)
    {
        foreach (
            var (name, most) in new[]
            {
                ("n", 128),
                ("max_tokens", int.MaxValue),
                ("max_completion_tokens", int.MaxValue),
            }
        )
        {
            if (
                root.TryGetProperty(name, out var field)
                && field.ValueKind != JsonValueKind.Null
                && !(
                    field.ValueKind == JsonValueKind.Number
                    && field.TryGetInt32(out var value)
                    && value >= 1
                    && value <= most
                )
            )
                return Wrong(name, $"'{name}' must be a whole number from 1 to {most}.");
        }
        return null;
    }

    private static (AnswerFormat, JsonElement) Format(JsonElement root)
    {
        var format = root.Field("response_format", JsonValueKind.Object);
        if (format.ValueKind != JsonValueKind.Object)
            return (AnswerFormat.Text, default);
        return format.Text("type") switch
        {
            "json_object" => (AnswerFormat.JsonObject, default),
            "json_schema" => (
                AnswerFormat.JsonSchema,
                format.Field("json_schema", JsonValueKind.Object)
                    is { ValueKind: JsonValueKind.Object } named
                && named.TryGetProperty("schema", out var schema)
                    ? schema
                    : default
            ),
            _ => (AnswerFormat.Text, default),
        };
    }

    private static (ToolDemand, string?) Demand(JsonElement root)
    {
        if (!root.TryGetProperty("tool_choice", out var choice))
            return (ToolDemand.Auto, null);
        if (choice.ValueKind == JsonValueKind.Object)
        {
            var function = choice.Field("function", JsonValueKind.Object);
            return (
                ToolDemand.Required,
                function.ValueKind == JsonValueKind.Object ? function.Text("name") : null
            );
        }
        return choice.ValueKind != JsonValueKind.String
            ? (ToolDemand.Auto, null)
            : choice.GetString() switch
            {
                "none" => (ToolDemand.None, null),
                // Mistral's word is "any" (docs.mistral.ai, seen 2026-11).
                "required" or "any" => (ToolDemand.Required, null),
                _ => (ToolDemand.Auto, null),
            };
    }

    private static List<ToolOffer> Tools(JsonElement root)
    {
        var offers = new List<ToolOffer>();
        var tools = root.Field("tools", JsonValueKind.Array);
        if (tools.ValueKind != JsonValueKind.Array)
            return offers;
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object)
                continue;
            var function = tool.Field("function", JsonValueKind.Object);
            if (function.ValueKind == JsonValueKind.Object && function.Text("name") is { } name)
                offers.Add(new(name, function.Field("parameters", JsonValueKind.Object)));
        }
        return offers;
    }
}
