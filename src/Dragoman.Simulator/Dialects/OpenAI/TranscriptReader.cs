using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>Reads <c>messages</c>.</summary>
internal static class TranscriptReader
{
    /// <summary>Null, with the fault named, where a message cannot be read.</summary>
    public static Transcript? Read(JsonElement messages, out string? mistake)
    {
        var transcript = new TranscriptBuilder();
        mistake = null;
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var at = $"messages[{index++}]";
            if (
                message.ValueKind != JsonValueKind.Object
                || !message.TryGetProperty("role", out var roleField)
                || roleField.ValueKind != JsonValueKind.String
            )
            {
                mistake = $"{at} has no role.";
                return null;
            }
            var role = roleField.GetString();
            var content = message.TryGetProperty("content", out var field) ? field : default;
            if (
                content.ValueKind
                is not (
                    JsonValueKind.String
                    or JsonValueKind.Array
                    or JsonValueKind.Null
                    or JsonValueKind.Undefined
                )
            )
            {
                mistake = $"The content of {at} is neither a string nor an array of parts.";
                return null;
            }
            Add(transcript, role, content);
        }
        return transcript.Build();
    }

    private static void Add(TranscriptBuilder transcript, string? role, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
            transcript.Text(content.GetString());
        if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                switch (KindOf(part))
                {
                    case "image_url":
                        transcript.Image();
                        break;
                    case "input_audio":
                        transcript.Sound();
                        break;
                    case "file":
                        transcript.File();
                        break;
                    case "text" when part.TryGetProperty("text", out var words):
                        transcript.Text(words.GetString());
                        break;
                }
            }
        }
        transcript.End(
            role switch
            {
                "user" => Speaker.User,
                "tool" => Speaker.Tool,
                "assistant" => Speaker.Assistant,
                _ => Speaker.System,
            }
        );
    }

    private static string? KindOf(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty("type", out var type)
        && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;
}
