using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Azure;

/// <summary>Writes the verdicts of Azure's content filter (learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter, seen 2026-11).</summary>
internal static class ContentFilter
{
    private static readonly string[] Harms = ["hate", "self_harm", "sexual", "violence"];

    /// <summary>The fields of the first chunk, which holds nothing else.</summary>
    public static void WritePromptChunk(Utf8JsonWriter json)
    {
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteBlanks(json);
        WritePrompt(json);
    }

    /// <summary>The fields of the chunk in which an asynchronous filter tells its verdict: a choice without a delta.</summary>
    public static void WriteLateChunk(Utf8JsonWriter json, ChatAnswer answer)
    {
        var length = answer.Choices[0].Text.Sum(piece => piece.Length);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteStartObject("content_filter_offsets");
        json.WriteNumber("check_offset", 0);
        json.WriteNumber("start_offset", 0);
        json.WriteNumber("end_offset", length);
        json.WriteEndObject();
        WriteResults(json, filtered: false);
        json.WriteNull("finish_reason");
        json.WriteNumber("index", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteBlanks(json);
    }

    public static void WritePrompt(Utf8JsonWriter json)
    {
        json.WriteStartArray("prompt_filter_results");
        json.WriteStartObject();
        json.WriteNumber("prompt_index", 0);
        json.WriteStartObject("content_filter_results");
        WriteHarms(json, filtered: false);
        json.WriteStartObject("jailbreak");
        json.WriteBoolean("filtered", false);
        json.WriteBoolean("detected", false);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>The verdict within a chunk's choice: empty but where there is text, or where the filter ended it.</summary>
    public static void WriteChoice(Utf8JsonWriter json, StreamEvent item, bool filtered)
    {
        if (item.Kind == EventKind.Text || (filtered && item.Kind == EventKind.Finish))
        {
            WriteResults(json, filtered && item.Kind == EventKind.Finish);
            return;
        }
        json.WriteStartObject("content_filter_results");
        json.WriteEndObject();
    }

    public static void WriteResults(Utf8JsonWriter json, bool filtered)
    {
        json.WriteStartObject("content_filter_results");
        WriteHarms(json, filtered);
        json.WriteEndObject();
    }

    private static void WriteHarms(Utf8JsonWriter json, bool filtered)
    {
        foreach (var harm in Harms)
        {
            var hit = filtered && harm == "violence";
            json.WriteStartObject(harm);
            json.WriteBoolean("filtered", hit);
            json.WriteString("severity", hit ? "high" : "safe");
            json.WriteEndObject();
        }
    }

    private static void WriteBlanks(Utf8JsonWriter json)
    {
        json.WriteNumber("created", 0);
        json.WriteString("id", "");
        json.WriteString("model", "");
        json.WriteString("object", "");
    }
}
