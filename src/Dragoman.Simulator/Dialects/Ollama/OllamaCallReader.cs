using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>Reads the bodies of <c>chat</c> and <c>generate</c>.</summary>
internal static class OllamaCallReader
{
    /// <summary>Null where there is nothing to answer: such a request loads the model, or unloads it.</summary>
    public static ChatCall? Chat(JsonElement root)
    {
        var transcript = new TranscriptBuilder();
        var messages = root.Items("messages").ToList();
        foreach (var message in messages)
        {
            transcript.Text(message.Text("content"));
            foreach (var _ in message.Items("images"))
                transcript.Image();
            transcript.End(
                message.Text("role") switch
                {
                    "user" => Speaker.User,
                    "assistant" => Speaker.Assistant,
                    "tool" => Speaker.Tool,
                    _ => Speaker.System,
                }
            );
        }
        return messages.Count == 0 ? null : Call(root, transcript);
    }

    public static ChatCall? Generate(JsonElement root)
    {
        if (root.Text("prompt") is not { Length: > 0 } prompt)
            return null;
        var transcript = new TranscriptBuilder();
        if (root.Text("system") is { } system)
        {
            transcript.Text(system);
            transcript.End(Speaker.System);
        }
        transcript.Text(prompt);
        foreach (var _ in root.Items("images"))
            transcript.Image();
        transcript.End(Speaker.User);
        return Call(root, transcript);
    }

    private static ChatCall Call(JsonElement root, TranscriptBuilder transcript)
    {
        var options = root.Object("options");
        var format = root.TryGetProperty("format", out var wanted) ? wanted : default;
        return new()
        {
            Transcript = transcript.Build(),
            // Ollama streams unless it is told not to.
            Stream = root.Flag("stream") ?? true,
            MaxTokens = options.Number("num_predict") is > 0 and var most ? most : null,
            Stops = options.Texts("stop"),
            Reasons = root.Flag("think") ?? (root.Text("think") is null ? null : true),
            ReasoningEffort = root.Text("think"),
            Format =
                format.ValueKind == JsonValueKind.Object ? AnswerFormat.JsonSchema
                : root.Text("format") == "json" ? AnswerFormat.JsonObject
                : AnswerFormat.Text,
            Schema = format.ValueKind == JsonValueKind.Object ? format : default,
            Tools =
            [
                .. root.Items("tools")
                    .Select(tool => tool.Object("function"))
                    .Where(function => function.Has("name"))
                    .Select(function => new ToolOffer(
                        function.Text("name")!,
                        function.Object("parameters")
                    )),
            ],
            Cache = new(0, 0, 0),
        };
    }
}
