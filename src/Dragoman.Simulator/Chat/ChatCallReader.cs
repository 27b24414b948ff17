using System.Text.Json;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Chat;

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

        var options = Field(root, "stream_options", JsonValueKind.Object);
        var (format, schema) = Format(root);
        var (demand, tool) = Demand(root);
        return new ChatCall
        {
            Transcript = transcript,
            Stream = Flag(root, "stream") ?? false,
            HasStreamOptions = options.ValueKind == JsonValueKind.Object,
            IncludeUsage =
                options.ValueKind == JsonValueKind.Object && Flag(options, "include_usage") == true,
            Choices = Number(root, "n") ?? 1,
            MaxTokens = Number(root, "max_completion_tokens") ?? Number(root, "max_tokens"),
            Stops = Stops(root),
            LogProbs = Flag(root, "logprobs") ?? false,
            TopLogProbs = Number(root, "top_logprobs") ?? 0,
            User = Text(root, "user"),
            ReasoningEffort = Text(root, "reasoning_effort"),
            Format = format,
            Schema = schema,
            Tools = Tools(root),
            Demand = demand,
            DemandedTool = tool,
            ParallelTools = Flag(root, "parallel_tool_calls") ?? true,
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
        var format = Field(root, "response_format", JsonValueKind.Object);
        if (format.ValueKind != JsonValueKind.Object)
            return (AnswerFormat.Text, default);
        return Text(format, "type") switch
        {
            "json_object" => (AnswerFormat.JsonObject, default),
            "json_schema" => (
                AnswerFormat.JsonSchema,
                Field(format, "json_schema", JsonValueKind.Object)
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
            var function = Field(choice, "function", JsonValueKind.Object);
            return (
                ToolDemand.Required,
                function.ValueKind == JsonValueKind.Object ? Text(function, "name") : null
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
        var tools = Field(root, "tools", JsonValueKind.Array);
        if (tools.ValueKind != JsonValueKind.Array)
            return offers;
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object)
                continue;
            var function = Field(tool, "function", JsonValueKind.Object);
            if (function.ValueKind == JsonValueKind.Object && Text(function, "name") is { } name)
                offers.Add(new(name, Field(function, "parameters", JsonValueKind.Object)));
        }
        return offers;
    }

    private static List<string> Stops(JsonElement root)
    {
        if (!root.TryGetProperty("stop", out var stop))
            return [];
        if (stop.ValueKind == JsonValueKind.String)
            return [stop.GetString()!];
        return stop.ValueKind != JsonValueKind.Array
            ? []
            :
            [
                .. stop.EnumerateArray()
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString()!),
            ];
    }

    private static JsonElement Field(JsonElement of, string name, JsonValueKind kind) =>
        of.TryGetProperty(name, out var field) && field.ValueKind == kind ? field : default;

    private static string? Text(JsonElement of, string name) =>
        Field(of, name, JsonValueKind.String) is { ValueKind: JsonValueKind.String } field
            ? field.GetString()
            : null;

    private static int? Number(JsonElement of, string name) =>
        Field(of, name, JsonValueKind.Number) is { ValueKind: JsonValueKind.Number } field
        && field.TryGetInt32(out var value)
            ? value
            : null;

    private static bool? Flag(JsonElement of, string name) =>
        of.TryGetProperty(name, out var field)
            ? field.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            }
            : null;
}
