using System.Globalization;
using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>Writes the fields of an answer or of one line of it.</summary>
internal sealed class OllamaLineWriter(ChatAnswer answer, ReplyStyle style, bool generates)
{
    private const long NanosecondsPerToken = 10_000_000;
    private const long WarmLoad = 1_000_000;
    private const long ColdLoad = 5_000_000_000;

    public ChatChoice Choice => answer.Choices[0];

    public void WriteWhole(Utf8JsonWriter json)
    {
        WriteHead(json);
        WriteSaid(
            json,
            () => json.WriteStringValue(string.Concat(Choice.Text)),
            string.Concat(Choice.Reasoning),
            Choice.ToolCalls
        );
        WriteTail(json);
    }

    public void WriteHead(Utf8JsonWriter json)
    {
        json.WriteString("model", answer.Model);
        json.WriteString(
            "created_at",
            DateTimeOffset
                .FromUnixTimeSeconds(answer.Created)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.000000001'Z'", CultureInfo.InvariantCulture)
        );
    }

    /// <summary>What a line says; <c>generate</c> puts it beside the rest, <c>chat</c> into a message.</summary>
    public void WriteSaid(
        Utf8JsonWriter json,
        Action text,
        string thinking,
        IReadOnlyList<ToolCall> calls
    )
    {
        if (!generates)
        {
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
        }
        json.WritePropertyName(generates ? "response" : "content");
        text();
        if (thinking.Length > 0)
            json.WriteString("thinking", thinking);
        if (calls.Count > 0 && !generates)
            WriteCalls(json, calls);
        if (!generates)
            json.WriteEndObject();
    }

    /// <summary>What ends an answer: the reason, the durations in nanoseconds, the counts.</summary>
    public void WriteTail(Utf8JsonWriter json)
    {
        // A turn that calls tools ends with "stop" as any other (as recorded).
        json.WriteString("done_reason", Choice.Finish == "length" ? "length" : "stop");
        json.WriteBoolean("done", true);
        if (generates)
        {
            json.WriteStartArray("context");
            json.WriteNumberValue(1);
            json.WriteNumberValue(2);
            json.WriteEndArray();
        }
        var usage = answer.Usage;
        var load = style.Quirk == Quirk.OllamaColdStart ? ColdLoad : WarmLoad;
        json.WriteNumber(
            "total_duration",
            load + (usage.Prompt + usage.Completion) * NanosecondsPerToken
        );
        json.WriteNumber("load_duration", load);
        if (style.Placement == UsagePlacement.Nowhere)
            return;
        // Left out where the whole prompt was in the cache.
        if (style.Quirk != Quirk.OllamaNoPromptCount)
            json.WriteNumber("prompt_eval_count", usage.Prompt);
        json.WriteNumber("prompt_eval_duration", usage.Prompt * NanosecondsPerToken);
        json.WriteNumber("eval_count", usage.Completion);
        json.WriteNumber("eval_duration", usage.Completion * NanosecondsPerToken);
    }

    // No ids, and the arguments as an object.
    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<ToolCall> calls)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WritePropertyName("arguments");
            json.WriteRawValue(call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
