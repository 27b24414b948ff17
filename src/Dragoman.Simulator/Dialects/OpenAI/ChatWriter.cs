using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Dialects.Azure;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>Writes a plain answer.</summary>
internal static class ChatWriter
{
    public static byte[] Write(
        ChatAnswer answer,
        ChatCall call,
        ReplyStyle style,
        bool azure = false
    ) =>
        Json.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", answer.Id);
            json.WriteString("object", "chat.completion");
            json.WriteNumber("created", answer.Created);
            json.WriteString("model", answer.Model);
            json.WriteStartArray("choices");
            foreach (var choice in answer.Choices)
                WriteChoice(json, choice, call, style, azure);
            json.WriteEndArray();
            if (azure)
                ContentFilter.WritePrompt(json);
            if (style.Placement != UsagePlacement.Nowhere)
            {
                json.WritePropertyName("usage");
                UsageWriter.Write(json, answer.Usage, style.Shape);
            }
            json.WriteString("service_tier", "default");
            json.WriteString("system_fingerprint", "fp_simulated");
            json.WriteEndObject();
        });

    private static void WriteChoice(
        Utf8JsonWriter json,
        ChatChoice choice,
        ChatCall call,
        ReplyStyle style,
        bool azure
    )
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice.Index);
        json.WritePropertyName("message");
        WriteMessage(json, choice);
        json.WritePropertyName("logprobs");
        if (call.LogProbs && choice.ToolCalls.Count == 0)
            LogProbsWriter.Write(json, choice.Text, call.TopLogProbs);
        else
            json.WriteNullValue();
        json.WriteString("finish_reason", choice.Finish == "stop" ? style.Stop : choice.Finish);
        if (azure)
            ContentFilter.WriteResults(json, filtered: style.Stop == "content_filter");
        json.WriteEndObject();
    }

    public static void WriteMessage(Utf8JsonWriter json, ChatChoice choice)
    {
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        if (choice.ToolCalls.Count > 0 && choice.Text.Count == 0)
            json.WriteNull("content");
        else
            json.WriteString("content", string.Concat(choice.Text));
        if (choice.Reasoning.Count > 0)
            json.WriteString("reasoning_content", string.Concat(choice.Reasoning));
        if (choice.ToolCalls.Count > 0)
            WriteToolCalls(json, choice.ToolCalls);
        json.WriteNull("refusal");
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteToolCalls(Utf8JsonWriter json, IReadOnlyList<ToolCall> calls)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
