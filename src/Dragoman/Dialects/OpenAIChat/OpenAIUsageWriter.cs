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
        var written = Sum(usage.CacheWrite, usage.CacheWrite1h);
        if ((usage.CacheRead ?? written ?? usage.AudioInput ?? usage.ImageInput) is not null)
        {
            json.WriteStartObject("prompt_tokens_details"u8);
            json.WriteNumber("cached_tokens"u8, usage.CacheRead ?? 0);
            // OpenRouter's word; OpenAI itself does not bill writes.
            DialectJson.Write(json, "cache_write_tokens"u8, written);
            DialectJson.Write(json, "audio_tokens"u8, usage.AudioInput);
            DialectJson.Write(json, "image_tokens"u8, usage.ImageInput);
            json.WriteEndObject();
        }
        if ((usage.Reasoning ?? usage.AudioOutput ?? usage.ImageOutput) is not null)
        {
            json.WriteStartObject("completion_tokens_details"u8);
            json.WriteNumber("reasoning_tokens"u8, usage.Reasoning ?? 0);
            DialectJson.Write(json, "audio_tokens"u8, usage.AudioOutput);
            DialectJson.Write(json, "image_tokens"u8, usage.ImageOutput);
            json.WriteEndObject();
        }
        if (usage.ReportedCostUsd is { } cost)
            json.WriteNumber("cost"u8, cost);
        json.WriteEndObject();
    }

    private static long? Sum(long? a, long? b) =>
        a is null && b is null ? null : (a ?? 0) + (b ?? 0);
}
