using System.Text;
using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Responses;

/// <summary>What an item of a response is.</summary>
internal enum OutputKind
{
    WebSearch,
    Reasoning,
    Message,
    FunctionCall,
}

/// <summary>An item of a response, which a stream fills bit by bit.</summary>
internal sealed class OutputItem(OutputKind kind, string id, ToolCall? tool = null)
{
    public OutputKind Kind => kind;
    public string Id => id;
    public ToolCall? Tool => tool;
    public StringBuilder Text { get; } = new();

    /// <summary>What is carried back for the model alone to read; null where it was not asked for.</summary>
    public string? Encrypted { get; init; }

    /// <summary>Whether its text cites what was found.</summary>
    public bool IsCited { get; init; }

    /// <summary>The fields; <paramref name="begun"/> is what a stream shows before any of its content.</summary>
    public void Write(Utf8JsonWriter json, string shownId, string status, bool begun)
    {
        json.WriteString("id", shownId);
        switch (kind)
        {
            case OutputKind.WebSearch:
                json.WriteString("type", "web_search_call");
                json.WriteString("status", status);
                if (begun)
                    break;
                json.WriteStartObject("action");
                json.WriteString("type", "search");
                json.WriteString("query", Citation.Query);
                json.WriteEndObject();
                break;
            case OutputKind.Reasoning:
                json.WriteString("type", "reasoning");
                json.WriteStartArray("summary");
                if (!begun && Text.Length > 0)
                {
                    json.WriteStartObject();
                    WriteSummary(json, Text.ToString());
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                // As recorded, what comes at the beginning is not what counts in the end.
                if (Encrypted is not null)
                    json.WriteString(
                        "encrypted_content",
                        begun ? Thought.Sign("begun") : Encrypted
                    );
                break;
            case OutputKind.Message:
                json.WriteString("type", "message");
                json.WriteString("status", status);
                json.WriteStartArray("content");
                if (!begun)
                {
                    json.WriteStartObject();
                    WriteText(json, Text.ToString(), IsCited);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteString("role", "assistant");
                break;
            case OutputKind.FunctionCall:
                json.WriteString("type", "function_call");
                json.WriteString("status", status);
                json.WriteString("arguments", begun ? "" : tool!.Arguments);
                json.WriteString("call_id", tool!.Id);
                json.WriteString("name", tool.Name);
                break;
        }
    }

    public static void WriteText(Utf8JsonWriter json, string text, bool cited)
    {
        json.WriteString("type", "output_text");
        json.WriteStartArray("annotations");
        if (cited)
        {
            json.WriteStartObject();
            WriteAnnotation(json, text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("logprobs");
        json.WriteEndArray();
        json.WriteString("text", text);
    }

    public static void WriteAnnotation(Utf8JsonWriter json, string text)
    {
        json.WriteString("type", "url_citation");
        json.WriteNumber("start_index", text.Length - Citation.Sentence.Length);
        json.WriteNumber("end_index", text.Length);
        json.WriteString("title", Citation.Title);
        json.WriteString("url", Citation.Url);
    }

    public static void WriteSummary(Utf8JsonWriter json, string text)
    {
        json.WriteString("type", "summary_text");
        json.WriteString("text", text);
    }
}
