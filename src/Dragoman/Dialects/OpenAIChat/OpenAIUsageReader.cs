using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads a <c>usage</c> object of this dialect into disjoint buckets, whichever way the provider counts.</summary>
internal static class OpenAIUsageReader
{
    /// <summary>docs.x.ai, cost tracking (seen 2026-11-20): 1 USD is 10^10 ticks.</summary>
    private const decimal TicksPerUsd = 10_000_000_000m;

    /// <summary>
    /// Reads the value the reader stands on and leaves it at that value's end; null where it is no object or says nothing.
    /// The reader must be over one span; malformed JSON throws as the reader itself does.
    /// </summary>
    /// <param name="reader">Stands on the usage value.</param>
    /// <param name="reasoningOutsideCompletion">
    /// The provider counts reasoning beside completion_tokens (xAI) rather than in it. Used where the total does not tell.
    /// </param>
    public static TokenUsage? Read(ref Utf8JsonReader reader, bool reasoningOutsideCompletion)
    {
        var counts = new OpenAIUsageCounts();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            ReadProperty(ref reader, ref counts);
        return counts.ToUsage(reasoningOutsideCompletion);
    }

    private static void ReadProperty(ref Utf8JsonReader reader, ref OpenAIUsageCounts counts)
    {
        if (JsonUnescape.Is(ref reader, "prompt_tokens"u8))
            Count(ref reader, ref counts.Prompt);
        else if (JsonUnescape.Is(ref reader, "completion_tokens"u8))
            Count(ref reader, ref counts.Completion);
        else if (JsonUnescape.Is(ref reader, "total_tokens"u8))
            Count(ref reader, ref counts.Total);
        else if (JsonUnescape.Is(ref reader, "prompt_tokens_details"u8))
            ReadPromptDetails(ref reader, ref counts);
        else if (JsonUnescape.Is(ref reader, "completion_tokens_details"u8))
            ReadCompletionDetails(ref reader, ref counts);
        // DeepSeek's own word and Moonshot's; both may stand beside prompt_tokens_details and say the same.
        else if (
            JsonUnescape.Is(ref reader, "prompt_cache_hit_tokens"u8)
            || JsonUnescape.Is(ref reader, "cached_tokens"u8)
        )
            CountUnlessKnown(ref reader, ref counts.Cached);
        else if (JsonUnescape.Is(ref reader, "cache_write_tokens"u8))
            CountUnlessKnown(ref reader, ref counts.CacheWrite);
        // Perplexity's deep research says it here, and more of it than completion_tokens.
        else if (JsonUnescape.Is(ref reader, "reasoning_tokens"u8))
            CountUnlessKnown(ref reader, ref counts.Reasoning);
        else if (JsonUnescape.Is(ref reader, "cost"u8))
            ReadCost(ref reader, ref counts);
        else if (JsonUnescape.Is(ref reader, "cost_in_usd_ticks"u8))
            counts.CostUsd = NextAmount(ref reader) / TicksPerUsd ?? counts.CostUsd;
        else if (JsonUnescape.Is(ref reader, "is_byok"u8))
        {
            reader.Read();
            counts.IsOwnKey = reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }
        else if (JsonUnescape.Is(ref reader, "cost_details"u8))
            ReadCostDetails(ref reader, ref counts);
        else
            reader.Skip();
    }

    private static void ReadPromptDetails(ref Utf8JsonReader reader, ref OpenAIUsageCounts counts)
    {
        if (!EnterObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref reader, "cached_tokens"u8))
                Count(ref reader, ref counts.Cached);
            else if (JsonUnescape.Is(ref reader, "audio_tokens"u8))
                Count(ref reader, ref counts.AudioInput);
            // OpenRouter's word and DashScope's.
            else if (
                JsonUnescape.Is(ref reader, "cache_write_tokens"u8)
                || JsonUnescape.Is(ref reader, "cache_creation_input_tokens"u8)
            )
                Count(ref reader, ref counts.CacheWrite);
            else
                reader.Skip();
        }
    }

    private static void ReadCompletionDetails(
        ref Utf8JsonReader reader,
        ref OpenAIUsageCounts counts
    )
    {
        if (!EnterObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref reader, "reasoning_tokens"u8))
                Count(ref reader, ref counts.Reasoning);
            else if (JsonUnescape.Is(ref reader, "audio_tokens"u8))
                Count(ref reader, ref counts.AudioOutput);
            // OpenRouter's. Those of a prompt cost what its text costs, and stay with it.
            else if (JsonUnescape.Is(ref reader, "image_tokens"u8))
                Count(ref reader, ref counts.ImageOutput);
            else
                reader.Skip();
        }
    }

    /// <summary>OpenRouter's cost is a number of dollars; Perplexity's an object with <c>total_cost</c>.</summary>
    private static void ReadCost(ref Utf8JsonReader reader, ref OpenAIUsageCounts counts)
    {
        var beforeValue = reader;
        if (!EnterObject(ref reader))
        {
            counts.CostUsd = NextAmount(ref beforeValue) ?? counts.CostUsd;
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref reader, "total_cost"u8))
                counts.CostUsd = NextAmount(ref reader) ?? counts.CostUsd;
            else
                reader.Skip();
        }
    }

    private static void ReadCostDetails(ref Utf8JsonReader reader, ref OpenAIUsageCounts counts)
    {
        if (!EnterObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref reader, "upstream_inference_cost"u8))
                counts.UpstreamCostUsd = NextAmount(ref reader) ?? counts.UpstreamCostUsd;
            else
                reader.Skip();
        }
    }

    /// <summary>Steps from a name into its object; past its value, with false, where that is something else.</summary>
    private static bool EnterObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            return true;
        reader.Skip();
        return false;
    }

    private static void CountUnlessKnown(ref Utf8JsonReader reader, ref long? count)
    {
        long? read = null;
        Count(ref reader, ref read);
        count ??= read;
    }

    /// <summary>Takes the next value where it is a whole number that can be a count; anything else leaves the count as it was.</summary>
    private static void Count(ref Utf8JsonReader reader, ref long? count)
    {
        if (NextAmount(ref reader) is { } amount && amount <= OpenAIUsageCounts.Largest)
            count = (long)amount;
    }

    /// <summary>The next value where it is a number not below zero; skips it otherwise.</summary>
    private static decimal? NextAmount(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (
            reader.TokenType == JsonTokenType.Number
            && reader.TryGetDecimal(out var amount)
            && amount >= 0
        )
            return amount;
        reader.Skip();
        return null;
    }
}
