using System.Text;
using System.Text.Json;

namespace Dragoman.Simulator.Chat;

/// <summary>Reads <c>messages</c>.</summary>
internal static class TranscriptReader
{
    private const int TokensPerMessage = 4;
    private const int TokensPerAttachment = 85;

    /// <summary>Null, with the fault named, where a message cannot be read.</summary>
    public static Transcript? Read(JsonElement messages, out string? mistake)
    {
        var sum = new Transcript { Tokens = 3 };
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
            sum = Add(sum, role, content);
        }
        return sum;
    }

    private static Transcript Add(Transcript sum, string? role, JsonElement content)
    {
        var text = new StringBuilder();
        var (images, sounds, files) = (0, 0, 0);
        if (content.ValueKind == JsonValueKind.String)
            text.Append(content.GetString());
        if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                switch (KindOf(part))
                {
                    case "image_url":
                        images++;
                        break;
                    case "input_audio":
                        sounds++;
                        break;
                    case "file":
                        files++;
                        break;
                    case "text" when part.TryGetProperty("text", out var words):
                        text.Append(text.Length > 0 ? "\n" : "").Append(words.GetString());
                        break;
                }
            }
        }
        var said = text.ToString();
        return sum with
        {
            Prompt = role == "user" ? said : sum.Prompt,
            ToolResult = role == "tool" ? said : null,
            Prefill = role == "assistant" && said.Length > 0 ? said : null,
            Images = sum.Images + images,
            Sounds = sum.Sounds + sounds,
            Files = sum.Files + files,
            Tokens =
                sum.Tokens
                + TokensPerMessage
                + TextPieces.Count(said)
                + (images + sounds + files) * TokensPerAttachment,
        };
    }

    private static string? KindOf(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty("type", out var type)
        && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;
}
