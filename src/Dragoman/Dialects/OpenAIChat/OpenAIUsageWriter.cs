using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes usage as OpenAI counts it: cached and audio tokens within the prompt, reasoning within the completion.</summary>
internal static class OpenAIUsageWriter
{
    /// <summary>Writes the value: as it came where it came in this dialect.</summary>
    public static void Write(Utf8JsonWriter json, TokenUsage usage, RawField? raw = null)
    {
        if (raw is { } own && own.Dialect == OpenAIChatDialect.DialectName)
        {
            DialectJson.Write(json, own.Value);
            return;
        }
        var input = usage.TotalInput ?? 0;
        var output = usage.TotalOutput ?? 0;
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens"u8, input);
        json.WriteNumber("completion_tokens"u8, output);
        json.WriteNumber("total_tokens"u8, usage.ReportedTotal ?? input + output);
        if ((usage.CacheRead ?? usage.AudioInput) is not null)
        {
            json.WriteStartObject("prompt_tokens_details"u8);
            json.WriteNumber("cached_tokens"u8, usage.CacheRead ?? 0);
            DialectJson.Write(json, "audio_tokens"u8, usage.AudioInput);
            json.WriteEndObject();
        }
        if ((usage.Reasoning ?? usage.AudioOutput) is not null)
        {
            json.WriteStartObject("completion_tokens_details"u8);
            json.WriteNumber("reasoning_tokens"u8, usage.Reasoning ?? 0);
            DialectJson.Write(json, "audio_tokens"u8, usage.AudioOutput);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
