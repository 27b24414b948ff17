using System.Text;
using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Dialects.Azure;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>Writes chunks; Azure's are the same with verdicts of its content filter.</summary>
internal sealed class ChunkWriter(
    ChatAnswer answer,
    ChatCall call,
    ReplyStyle style,
    bool azure = false
) : EventWriter(style)
{
    private readonly bool _perplexity = style.Placement == UsagePlacement.EveryChunk;
    private bool _begun;
    private int _tokens;
    private int _reasoning;

    protected override void Put(StreamEvent item)
    {
        if (item.Kind == EventKind.Reasoning)
            _reasoning++;
        if (item.IsDelta)
            _tokens++;
        switch (item.Kind)
        {
            case EventKind.Error:
                PutData(Encoding.UTF8.GetString(item.Failure!.ToJson()));
                break;
            case EventKind.Malformed:
                PutData("{\"id\":\"chatcmpl-simulated\",\"choices\":[{]}");
                break;
            case EventKind.Truncated:
                Put(Style.DataPrefix + "{\"id\":\"chatcmpl-simulated\",\"choi");
                break;
            case EventKind.Done when !_perplexity:
                PutData("[DONE]");
                break;
            case EventKind.Done:
                break;
            default:
                if (azure)
                    PutFilter(item);
                PutEvent(
                    null,
                    (Writer: this, item),
                    static (json, it) => it.Writer.WriteChunk(json, it.item)
                );
                break;
        }
    }

    private void PutData(string data) =>
        Put(Style.DataPrefix + data + Style.LineEnd + Style.LineEnd);

    /// <summary>Azure's chunks that hold verdicts only: on the prompt at the beginning, late ones at the end.</summary>
    private void PutFilter(StreamEvent item)
    {
        if (!_begun)
            PutEvent(null, 0, static (json, _) => ContentFilter.WritePromptChunk(json));
        _begun = true;
        if (item.Kind == EventKind.Finish && Style.Quirk == Quirk.AzureLateFilter)
            PutEvent(null, answer, static (json, of) => ContentFilter.WriteLateChunk(json, of));
    }

    private void WriteChunk(Utf8JsonWriter json, StreamEvent item)
    {
        var last = _perplexity && item.Kind == EventKind.Finish;
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
                : item.Text == "stop" ? Style.Stop
                : item.Text
        );
        if (azure && Style.Quirk != Quirk.AzureLateFilter)
            ContentFilter.WriteChoice(json, item, Style.Stop == "content_filter");
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
        switch (Style.Placement)
        {
            case UsagePlacement.OwnChunk when item.Kind == EventKind.Usage:
            case UsagePlacement.WithFinish when finish:
            case UsagePlacement.EveryChunk when finish:
                json.WritePropertyName("usage");
                UsageWriter.Write(json, answer.Usage, Style.Shape);
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
                    Style.Shape
                );
                break;
            case UsagePlacement.Groq when finish:
                json.WriteStartObject("x_groq");
                json.WriteString("id", "req_" + answer.Id);
                json.WritePropertyName("usage");
                UsageWriter.Write(json, answer.Usage, Style.Shape);
                json.WriteEndObject();
                break;
            case UsagePlacement.OwnChunk when call.IncludeUsage:
                json.WriteNull("usage");
                break;
        }
    }
}
