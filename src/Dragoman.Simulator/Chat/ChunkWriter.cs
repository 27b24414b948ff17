using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Chat;

/// <summary>Writes the events of one stream as server-sent events; knows how far the stream has come.</summary>
internal sealed class ChunkWriter(ChatAnswer answer, ChatCall call, ReplyStyle style)
{
    private readonly bool _perplexity = style.Placement == UsagePlacement.EveryChunk;
    private int _tokens;
    private int _reasoning;

    /// <summary>The bytes of an event; empty where this style leaves it out.</summary>
    public ReadOnlyMemory<byte> Write(StreamEvent item)
    {
        if (item.Kind == EventKind.Reasoning)
            _reasoning++;
        if (item.IsDelta)
            _tokens++;
        return item.Kind switch
        {
            EventKind.Raw => item.Bytes,
            EventKind.Done => _perplexity ? default : Framed("[DONE]"u8),
            _ => Framed(Json.Bytes(json => WriteChunk(json, item))),
        };
    }

    private ReadOnlyMemory<byte> Framed(ReadOnlySpan<byte> data) =>
        (byte[])
            [
                .. Encoding.ASCII.GetBytes(style.DataPrefix),
                .. data,
                .. Encoding.ASCII.GetBytes(style.LineEnd + style.LineEnd),
            ];

    private void WriteChunk(Utf8JsonWriter json, StreamEvent item)
    {
        var last = _perplexity && item.Kind == EventKind.Finish;
        json.WriteStartObject();
        json.WriteString("id", answer.Id);
        json.WriteString("object", last ? "chat.completion.done" : "chat.completion.chunk");
        json.WriteNumber("created", answer.Created);
        json.WriteString("model", answer.Model);
        json.WriteString("service_tier", "default");
        json.WriteString("system_fingerprint", "fp_simulated");
        json.WriteStartArray("choices");
        if (item.Kind != EventKind.Usage)
            WriteChoice(json, item, last);
        json.WriteEndArray();
        WriteUsage(json, item);
        json.WriteEndObject();
    }

    private void WriteChoice(Utf8JsonWriter json, StreamEvent item, bool whole)
    {
        json.WriteStartObject();
        json.WriteNumber("index", item.Choice);
        if (whole)
        {
            json.WritePropertyName("message");
            ChatWriter.WriteMessage(json, answer.Choices[item.Choice]);
        }
        json.WritePropertyName("delta");
        WriteDelta(json, item);
        json.WritePropertyName("logprobs");
        if (call.LogProbs && item.Kind == EventKind.Text)
            LogProbsWriter.Write(json, [item.Text], call.TopLogProbs);
        else
            json.WriteNullValue();
        json.WriteString(
            "finish_reason",
            item.Kind != EventKind.Finish ? null
                : item.Text == "stop" ? style.Stop
                : item.Text
        );
        json.WriteEndObject();
    }

    private void WriteDelta(Utf8JsonWriter json, StreamEvent item)
    {
        json.WriteStartObject();
        switch (item.Kind)
        {
            case EventKind.Role:
                json.WriteString("role", "assistant");
                if (answer.Choices[item.Choice].ToolCalls.Count > 0)
                    json.WriteNull("content");
                else
                    json.WriteString("content", "");
                json.WriteNull("refusal");
                break;
            case EventKind.Reasoning:
                json.WriteString("reasoning_content", item.Text);
                break;
            case EventKind.Text:
                json.WritePropertyName("content");
                WriteText(json, item.Text);
                break;
            case EventKind.ToolStart:
            case EventKind.ToolArguments:
                WriteTool(json, item);
                break;
        }
        json.WriteEndObject();
    }

    /// <summary>The writer would replace half a surrogate pair, so text that holds one is escaped by hand.</summary>
    private static void WriteText(Utf8JsonWriter json, string text)
    {
        if (text.Length == 0 || (!char.IsLowSurrogate(text[0]) && !char.IsHighSurrogate(text[^1])))
        {
            json.WriteStringValue(text);
            return;
        }
        var escaped = new StringBuilder("\"");
        foreach (var unit in text)
            escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        json.WriteRawValue(escaped.Append('"').ToString(), skipInputValidation: true);
    }

    private static void WriteTool(Utf8JsonWriter json, StreamEvent item)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", item.ToolIndex);
        if (item.Tool is { } tool)
        {
            json.WriteString("id", tool.Id);
            json.WriteString("type", "function");
        }
        json.WriteStartObject("function");
        if (item.Tool is { } named)
            json.WriteString("name", named.Name);
        json.WriteString("arguments", item.Text);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void WriteUsage(Utf8JsonWriter json, StreamEvent item)
    {
        var finish = item.Kind == EventKind.Finish;
        switch (style.Placement)
        {
            case UsagePlacement.OwnChunk when item.Kind == EventKind.Usage:
            case UsagePlacement.WithFinish when finish:
            case UsagePlacement.EveryChunk when finish:
                json.WritePropertyName("usage");
                UsageWriter.Write(json, answer.Usage, style.Shape);
                break;
            case UsagePlacement.EveryChunk:
                json.WritePropertyName("usage");
                UsageWriter.Write(
                    json,
                    answer.Usage with
                    {
                        Completion = _tokens,
                        Reasoning = _reasoning,
                    },
                    style.Shape
                );
                break;
            case UsagePlacement.Groq when finish:
                json.WriteStartObject("x_groq");
                json.WriteString("id", "req_" + answer.Id);
                json.WritePropertyName("usage");
                UsageWriter.Write(json, answer.Usage, style.Shape);
                json.WriteEndObject();
                break;
            case UsagePlacement.OwnChunk when call.IncludeUsage:
                json.WriteNull("usage");
                break;
        }
    }
}
