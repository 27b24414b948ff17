using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Writes <c>usage</c>: what was read from the cache or written to it is not among the input tokens.</summary>
internal static class MessageUsage
{
    public static void Write(Utf8JsonWriter json, AnswerUsage usage, int output, bool searched)
    {
        json.WriteStartObject("usage");
        WriteInput(json, usage);
        json.WriteStartObject("cache_creation");
        json.WriteNumber("ephemeral_5m_input_tokens", usage.Written5M);
        json.WriteNumber("ephemeral_1h_input_tokens", usage.Written1H);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", output);
        WriteSearches(json, searched);
        json.WriteString("service_tier", "standard");
        json.WriteEndObject();
    }

    /// <summary>That of <c>message_delta</c>: the whole output, and sometimes the input again.</summary>
    public static void WriteDelta(
        Utf8JsonWriter json,
        AnswerUsage usage,
        bool repeated,
        bool searched
    )
    {
        json.WriteStartObject("usage");
        if (repeated)
            WriteInput(json, usage);
        json.WriteNumber("output_tokens", usage.Completion);
        WriteSearches(json, searched);
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, AnswerUsage usage)
    {
        var written = usage.Written5M + usage.Written1H;
        json.WriteNumber("input_tokens", usage.Prompt - usage.Cached - written);
        json.WriteNumber("cache_creation_input_tokens", written);
        json.WriteNumber("cache_read_input_tokens", usage.Cached);
    }

    private static void WriteSearches(Utf8JsonWriter json, bool searched)
    {
        if (!searched)
            return;
        json.WriteStartObject("server_tool_use");
        json.WriteNumber("web_search_requests", 1);
        json.WriteEndObject();
    }
}
