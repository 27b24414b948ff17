using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Usage.Bodies;

/// <summary>A prompt or an answer as it is kept: JSON of its texts, the same whatever dialect they came in. Images and other data are only named.</summary>
internal static class BodyText
{
    public static byte[] Of(ChatRequest request) =>
        Written(json =>
        {
            foreach (var message in request.Messages)
                Write(json, message);
        });

    public static byte[] Of(EmbeddingRequest request) =>
        Written(json =>
        {
            foreach (var input in request.Inputs)
            {
                json.WriteStartObject();
                json.WriteString("role"u8, "input"u8);
                Write(json, "content"u8, input.Text ?? JsonText.Of("[tokens]"));
                json.WriteEndObject();
            }
        });

    public static byte[] Of(ChatReply reply) =>
        Written(json =>
        {
            foreach (var choice in reply.Choices)
                Write(json, choice.Message);
        });

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartArray();
            write(json);
            json.WriteEndArray();
        }
        return output.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Message message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role.ToString().ToLowerInvariant());
        json.WriteStartArray("parts"u8);
        foreach (var part in message.Parts)
            Write(json, part);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Part part)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                Write(json, "text"u8, text.Text);
                break;
            case RefusalPart refusal:
                Write(json, "refusal"u8, refusal.Text);
                break;
            case ReasoningPart reasoning:
                Write(json, "reasoning"u8, reasoning.Text);
                break;
            case ToolCallPart call:
                Write(json, "tool"u8, call.Name);
                Write(json, "arguments"u8, call.Arguments.AsText());
                break;
            case ToolResultPart result:
                json.WriteStartArray("tool_result"u8);
                foreach (var inner in result.Content)
                    Write(json, inner);
                json.WriteEndArray();
                break;
            default:
                json.WriteString(
                    "left_out"u8,
                    part switch
                    {
                        ImagePart => "image",
                        AudioPart => "audio",
                        FilePart => "file",
                        RawPart raw => raw.Type,
                        _ => "part",
                    }
                );
                break;
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonText text)
    {
        json.WritePropertyName(name);
        text.WriteTo(json);
    }
}
