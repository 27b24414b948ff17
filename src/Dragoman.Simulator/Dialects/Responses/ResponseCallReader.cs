using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Responses;

/// <summary>Reads the body of a Responses request, or says what is wrong with it.</summary>
internal static class ResponseCallReader
{
    // The least OpenAI takes for max_output_tokens (platform.openai.com/docs/api-reference/responses, seen 2026-11).
    private const int LeastTokens = 16;

    public static ChatCall? Read(JsonElement root, ResponseStore store, out ApiError? error)
    {
        StoredResponse? before = null;
        if (root.Text("previous_response_id") is { } previous)
        {
            before = store.Find(previous);
            if (before is null)
            {
                error = new(
                    400,
                    $"Previous response with id '{previous}' not found.",
                    Param: "previous_response_id",
                    Code: "previous_response_not_found"
                );
                return null;
            }
        }
        if (InputReader.Read(root, before, out var mistake) is not { } transcript)
        {
            error = new(400, mistake!, Param: "input");
            return null;
        }
        var most = root.Number("max_output_tokens");
        if (most < LeastTokens)
        {
            error = new(
                400,
                $"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {LeastTokens}.",
                Param: "max_output_tokens",
                Code: "integer_below_min_value"
            );
            return null;
        }
        error = null;
        var reasoning = root.Object("reasoning");
        var format = root.Object("text").Object("format");
        var choice = root.Object("tool_choice");
        return new ChatCall
        {
            Transcript = transcript,
            Stream = root.Flag("stream") ?? false,
            MaxTokens = most,
            User = root.Text("user"),
            ReasoningEffort = reasoning.Text("effort"),
            Reasons =
                reasoning.Text("effort") == "none" ? false
                : reasoning.Has("summary") ? true
                : null,
            ShowsReasoning = reasoning.Has("summary"),
            Format = format.Text("type") switch
            {
                "json_schema" => AnswerFormat.JsonSchema,
                "json_object" => AnswerFormat.JsonObject,
                _ => AnswerFormat.Text,
            },
            Schema = format.Object("schema"),
            Tools =
            [
                .. root.Items("tools")
                    .Where(tool => tool.Text("type") == "function" && tool.Has("name"))
                    .Select(tool => new ToolOffer(tool.Text("name")!, tool.Object("parameters"))),
            ],
            Demand =
                choice.ValueKind == JsonValueKind.Object && choice.Text("type") == "function"
                    ? ToolDemand.Required
                    : (root.Text("tool_choice") ?? choice.Text("mode")) switch
                    {
                        "none" => ToolDemand.None,
                        "required" => ToolDemand.Required,
                        _ => ToolDemand.Auto,
                    },
            DemandedTool = choice.Text("name"),
            ParallelTools = root.Flag("parallel_tool_calls") ?? true,
        };
    }
}
