using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Reads the body of a Messages request, or says what is wrong with it.</summary>
internal static class MessageCallReader
{
    /// <summary>Where the tokens are only to be counted, they need no limit.</summary>
    public static ChatCall? Read(JsonElement root, bool counting, out ApiError? error)
    {
        if (!counting && root.Number("max_tokens") is null or < 1)
        {
            error = new(400, "max_tokens: Field required", Param: "max_tokens");
            return null;
        }
        if (MessagesReader.Read(root, out var cache, out var mistake) is not { } transcript)
        {
            error = new(400, mistake!, Param: "messages");
            return null;
        }
        error = null;
        var thinking = root.Object("thinking").Text("type");
        var format = Format(root);
        var choice = root.Object("tool_choice");
        return new ChatCall
        {
            Transcript = transcript,
            Cache = cache,
            Stream = root.Flag("stream") ?? false,
            MaxTokens = root.Number("max_tokens"),
            Stops = root.Texts("stop_sequences"),
            User = root.Object("metadata").Text("user_id"),
            Reasons = thinking switch
            {
                "enabled" or "adaptive" => true,
                "disabled" => false,
                _ => null,
            },
            ReasoningEffort = root.Object("output_config").Text("effort"),
            Format =
                format.ValueKind == JsonValueKind.Object
                    ? AnswerFormat.JsonSchema
                    : AnswerFormat.Text,
            Schema = format.Object("schema"),
            Tools =
            [
                .. root.Items("tools")
                    .Where(tool => tool.Text("type") is null or "custom" && tool.Has("name"))
                    .Select(tool => new ToolOffer(tool.Text("name")!, tool.Object("input_schema"))),
            ],
            Demand = choice.Text("type") switch
            {
                "any" or "tool" => ToolDemand.Required,
                "none" => ToolDemand.None,
                _ => ToolDemand.Auto,
            },
            DemandedTool = choice.Text("name"),
            ParallelTools = choice.Flag("disable_parallel_tool_use") != true,
        };
    }

    // output_config.format; output_format is what the beta called it.
    private static JsonElement Format(JsonElement root) =>
        root.Object("output_config").Object("format") is { ValueKind: JsonValueKind.Object } format
            ? format
            : root.Object("output_format");
}
