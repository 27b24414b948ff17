using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Counts as a provider of this dialect says them: overlapping, and not always in the same way.</summary>
internal struct OpenAIUsageCounts
{
    /// <summary>A count beyond this is a mistake; below it, sums of a few cannot overflow.</summary>
    public const long Largest = long.MaxValue / 16;

    public long? Prompt;
    public long? Completion;
    public long? Total;
    public long? Cached;
    public long? CacheWrite;
    public long? AudioInput;
    public long? AudioOutput;
    public long? Reasoning;
    public long? ImageOutput;

    /// <summary>What the provider says the call cost.</summary>
    public decimal? CostUsd;

    /// <summary>OpenRouter: the call went by the account's own key, and <see cref="CostUsd"/> is its fee alone.</summary>
    public bool IsOwnKey;

    /// <summary>OpenRouter: what the provider behind it took; beside <see cref="CostUsd"/> only with a key of one's own.</summary>
    public decimal? UpstreamCostUsd;

    /// <summary>The same in disjoint buckets; null where nothing was said.</summary>
    public readonly TokenUsage? ToUsage(bool reasoningOutsideCompletion)
    {
        // With a key of one's own the fee alone is not the cost (openrouter.ai/docs/use-cases/usage-accounting, seen 2026-11).
        var cost = IsOwnKey
            ? Believable(CostUsd) + Believable(UpstreamCostUsd)
            : Believable(CostUsd);
        if ((Prompt ?? Completion ?? Total ?? Cached ?? Reasoning) is null && cost is null)
            return null;

        // Each part is cut to what is left of its whole: Azure's Grok reports more cached tokens than prompt tokens
        // (captured: 161 of 10), and the whole is what is billed.
        var input = Prompt;
        var audioInput = IsAudioOutsidePrompt ? AudioInput : Take(ref input, AudioInput);
        var cacheRead = Take(ref input, Cached);
        var cacheWrite = Take(ref input, CacheWrite);

        var output = Completion;
        var reasoning = IsReasoningOutside(reasoningOutsideCompletion)
            ? Reasoning
            : Take(ref output, Reasoning);
        var audioOutput = Take(ref output, AudioOutput);
        var imageOutput = Take(ref output, ImageOutput);

        return new TokenUsage
        {
            Input = input,
            CacheRead = cacheRead,
            CacheWrite = cacheWrite,
            AudioInput = audioInput,
            Output = output,
            Reasoning = reasoning,
            AudioOutput = audioOutput,
            ImageOutput = imageOutput,
            ReportedTotal = Total,
            ReportedCostUsd = cost,
        };
    }

    /// <summary>Mistral's audio: 9 + 248 with a total of 632 and 375 audio tokens apart (recorded traffic, 2026).</summary>
    private readonly bool IsAudioOutsidePrompt =>
        AudioInput > 0 && Total is { } total && total == Prompt + (Completion ?? 0) + AudioInput;

    /// <summary>The provider's total tells where reasoning was counted; where it does not, the provider's habit does.</summary>
    private readonly bool IsReasoningOutside(bool providersHabit)
    {
        if (Reasoning > Completion)
            return true;
        if (Reasoning is null or 0 || Total is not { } total)
            return providersHabit;
        if (total == Prompt + Completion + Reasoning)
            return true;
        return providersHabit && total != Prompt + Completion;
    }

    private static decimal? Believable(decimal? usd) =>
        usd <= Cost.LargestBelievableUsd ? usd : null;

    private static long? Take(ref long? whole, long? part)
    {
        if (whole is not { } left || part is not { } wanted)
            return part;
        var taken = Math.Min(left, wanted);
        whole = left - taken;
        return taken;
    }
}
