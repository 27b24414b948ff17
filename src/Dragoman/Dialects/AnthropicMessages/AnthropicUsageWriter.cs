using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Writes <c>usage</c>: as it came where it came in this dialect.</summary>
internal static class AnthropicUsageWriter
{
    /// <summary>Writes the object. Clients add its counts up, so those they rely on are 0 where nobody told.</summary>
    public static void Write(Utf8JsonWriter json, TokenUsage? usage, RawField? raw = null)
    {
        if (raw is { Dialect: AnthropicDialect.DialectName } own)
        {
            DialectJson.Write(json, own.Value);
            return;
        }
        usage ??= new TokenUsage();
        json.WriteStartObject();
        json.WriteNumber(
            "input_tokens"u8,
            (usage.Input ?? 0) + (usage.AudioInput ?? 0) + (usage.ImageInput ?? 0)
        );
        if (usage.CacheWrite is not null || usage.CacheWrite1h is not null)
            json.WriteNumber(
                "cache_creation_input_tokens"u8,
                (usage.CacheWrite ?? 0) + (usage.CacheWrite1h ?? 0)
            );
        DialectJson.Write(json, "cache_read_input_tokens"u8, usage.CacheRead);
        if (usage.CacheWrite1h is { } hour)
        {
            json.WriteStartObject("cache_creation"u8);
            json.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheWrite ?? 0);
            json.WriteNumber("ephemeral_1h_input_tokens"u8, hour);
            json.WriteEndObject();
        }
        json.WriteNumber("output_tokens"u8, usage.TotalOutput ?? 0);
        if (usage.Reasoning is { } thinking)
        {
            json.WriteStartObject("output_tokens_details"u8);
            json.WriteNumber("thinking_tokens"u8, thinking);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>What the end of a stream says over what its start said: a member said again replaces, the others hold.</summary>
    public static byte[] Merge(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        if (start.IsEmpty)
            return end.ToArray();
        if (end.IsEmpty)
            return start.ToArray();
        var output = new ArrayBufferWriter<byte>(start.Length + end.Length);
        using (var json = DialectJson.NewWriter(output))
        {
            json.WriteStartObject();
            var before = new JsonWalk(start);
            while (before.Next())
            {
                if (AnthropicJson.Member(end, before.Name).IsEmpty)
                    AnthropicJson.WriteMember(json, before);
            }
            var after = new JsonWalk(end);
            while (after.Next())
                AnthropicJson.WriteMember(json, after);
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }
}
