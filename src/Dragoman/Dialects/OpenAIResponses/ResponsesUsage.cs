using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Usage as this dialect counts it: cached tokens within the input, reasoning within the output.</summary>
internal static class ResponsesUsage
{
    /// <summary>docs.x.ai, cost tracking (seen 2026-11-20): 1 USD is 10^10 ticks.</summary>
    private const decimal TicksPerUsd = 10_000_000_000m;

    /// <summary>Reads a <c>usage</c> object into disjoint buckets; null where it is none or says nothing.</summary>
    public static TokenUsage? Read(ReadOnlySpan<byte> json, bool reasoningOutside)
    {
        var counts = new OpenAIUsageCounts();
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (members.Is("input_tokens"u8))
                counts.Prompt = Count(members) ?? counts.Prompt;
            else if (members.Is("output_tokens"u8))
                counts.Completion = Count(members) ?? counts.Completion;
            else if (members.Is("total_tokens"u8))
                counts.Total = Count(members) ?? counts.Total;
            else if (members.Is("input_tokens_details"u8))
                ReadInput(members.Value, ref counts);
            else if (members.Is("output_tokens_details"u8))
                ReadOutput(members.Value, ref counts);
            else if (members.Is("cost_in_usd_ticks"u8))
                counts.CostUsd = Amount(members) / TicksPerUsd ?? counts.CostUsd;
            // OpenRouter's, in dollars.
            else if (members.Is("cost"u8))
                counts.CostUsd = Amount(members) ?? counts.CostUsd;
            else if (members.Is("is_byok"u8))
                counts.IsOwnKey = members.Value.SequenceEqual("true"u8);
            else if (members.Is("cost_details"u8))
                ReadCost(members.Value, ref counts);
        }
        return counts.ToUsage(reasoningOutside);
    }

    /// <summary>Writes the value: as it came where it came in this dialect.</summary>
    public static void Write(Utf8JsonWriter json, TokenUsage usage, RawField? raw = null)
    {
        if (raw is { } own && own.Dialect == OpenAIResponsesDialect.DialectName)
        {
            DialectJson.Write(json, own.Value);
            return;
        }
        var input = usage.TotalInput ?? 0;
        var output = usage.TotalOutput ?? 0;
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CacheRead ?? 0);
        if ((usage.CacheWrite ?? usage.CacheWrite1h) is not null)
            json.WriteNumber(
                "cache_write_tokens"u8,
                (usage.CacheWrite ?? 0) + (usage.CacheWrite1h ?? 0)
            );
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning ?? 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.ReportedTotal ?? input + output);
        json.WriteEndObject();
    }

    private static void ReadInput(ReadOnlySpan<byte> details, ref OpenAIUsageCounts counts)
    {
        var members = new JsonWalk(details);
        while (members.Next())
        {
            if (members.Is("cached_tokens"u8))
                counts.Cached = Count(members) ?? counts.Cached;
            else if (members.Is("cache_write_tokens"u8))
                counts.CacheWrite = Count(members) ?? counts.CacheWrite;
            else if (members.Is("audio_tokens"u8))
                counts.AudioInput = Count(members) ?? counts.AudioInput;
        }
    }

    private static void ReadOutput(ReadOnlySpan<byte> details, ref OpenAIUsageCounts counts)
    {
        var members = new JsonWalk(details);
        while (members.Next())
        {
            if (members.Is("reasoning_tokens"u8))
                counts.Reasoning = Count(members) ?? counts.Reasoning;
            else if (members.Is("audio_tokens"u8))
                counts.AudioOutput = Count(members) ?? counts.AudioOutput;
            else if (members.Is("image_tokens"u8))
                counts.ImageOutput = Count(members) ?? counts.ImageOutput;
        }
    }

    private static void ReadCost(ReadOnlySpan<byte> details, ref OpenAIUsageCounts counts)
    {
        var members = new JsonWalk(details);
        while (members.Next())
        {
            if (members.Is("upstream_inference_cost"u8))
                counts.UpstreamCostUsd = Amount(members) ?? counts.UpstreamCostUsd;
        }
    }

    private static long? Count(in JsonWalk member) =>
        Amount(member) is { } amount && amount <= OpenAIUsageCounts.Largest ? (long)amount : null;

    private static decimal? Amount(in JsonWalk member)
    {
        var reader = new Utf8JsonReader(member.Value);
        return
            reader.Read()
            && reader.TokenType == JsonTokenType.Number
            && reader.TryGetDecimal(out var amount)
            && amount >= 0
            ? amount
            : null;
    }
}
