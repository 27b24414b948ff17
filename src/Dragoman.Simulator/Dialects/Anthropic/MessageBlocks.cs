using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Writes the fields of content blocks, whole or as a stream begins them.</summary>
internal static class MessageBlocks
{
    private const string SearchId = "srvtoolu_simulated";

    public static void WriteThinking(Utf8JsonWriter json, string thinking, string signature)
    {
        json.WriteString("type", "thinking");
        json.WriteString("thinking", thinking);
        json.WriteString("signature", signature);
    }

    public static void WriteRedacted(Utf8JsonWriter json)
    {
        json.WriteString("type", "redacted_thinking");
        json.WriteString("data", Thought.Redacted);
    }

    public static void WriteText(Utf8JsonWriter json, string text, bool cited)
    {
        json.WriteString("type", "text");
        json.WriteString("text", text);
        if (!cited)
            return;
        json.WriteStartArray("citations");
        if (text.Length > 0)
        {
            json.WriteStartObject();
            WriteCitation(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void WriteToolUse(Utf8JsonWriter json, ToolCall tool, bool begun)
    {
        json.WriteString("type", "tool_use");
        json.WriteString("id", IdOf(tool));
        json.WriteString("name", tool.Name);
        json.WritePropertyName("input");
        json.WriteRawValue(begun ? "{}" : tool.Arguments);
    }

    /// <summary>A kind of block that came after every client was written.</summary>
    public static void WriteUnknown(Utf8JsonWriter json)
    {
        json.WriteString("type", "simulated_block");
        json.WriteString("note", "Unknown blocks are to be carried as they came: Größe, 1.0, 1e2.");
        json.WriteStartObject("nested");
        json.WriteNull("nothing");
        json.WriteEndObject();
    }

    public static void WriteSearch(Utf8JsonWriter json, bool begun)
    {
        json.WriteString("type", "server_tool_use");
        json.WriteString("id", SearchId);
        json.WriteString("name", "web_search");
        json.WritePropertyName("input");
        json.WriteRawValue(begun ? "{}" : SearchInput);
    }

    public const string SearchInput = $$"""{"query":"{{Citation.Query}}"}""";

    public static void WriteSearchResult(Utf8JsonWriter json)
    {
        json.WriteString("type", "web_search_tool_result");
        json.WriteString("tool_use_id", SearchId);
        json.WriteStartArray("content");
        json.WriteStartObject();
        json.WriteString("type", "web_search_result");
        json.WriteString("url", Citation.Url);
        json.WriteString("title", Citation.Title);
        json.WriteString("encrypted_content", Thought.Sign("result"));
        json.WriteString("page_age", "2026-01-01");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void WriteCitation(Utf8JsonWriter json)
    {
        json.WriteString("type", "web_search_result_location");
        json.WriteString("cited_text", Citation.Sentence);
        json.WriteString("url", Citation.Url);
        json.WriteString("title", Citation.Title);
        json.WriteString("encrypted_index", Thought.Sign("index"));
    }

    private static string IdOf(ToolCall tool) => "toolu_" + tool.Id["call_".Length..];
}
