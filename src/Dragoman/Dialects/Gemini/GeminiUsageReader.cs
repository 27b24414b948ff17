using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Reads <c>usageMetadata</c> into disjoint buckets: cached tokens are part of the prompt's, thoughts are not part of the candidates'
/// (as recorded). What a tool read (<c>toolUsePromptTokenCount</c>) is part of neither and stays in the total alone: what a search
/// brings in is not billed as input (ai.google.dev/gemini-api/docs/pricing, seen 2026-11).
/// </summary>
internal static class GeminiUsageReader
{
    /// <summary>A count beyond this is a mistake; below it, sums of a few cannot overflow.</summary>
    private const long Largest = long.MaxValue / 16;

    /// <summary>Reads the object; null where it says nothing.</summary>
    public static TokenUsage? Read(ReadOnlySpan<byte> usage)
    {
        var (prompt, cached, candidates, thoughts, total) = (
            (long?)null,
            (long?)null,
            (long?)null,
            (long?)null,
            (long?)null
        );
        Modalities promptBy = default;
        Modalities cachedBy = default;
        Modalities candidatesBy = default;
        string? tier = null;
        var members = new JsonWalk(usage);
        while (members.Next())
        {
            if (members.Is("promptTokenCount"u8))
                prompt = Count(members);
            else if (members.Is("cachedContentTokenCount"u8))
                cached = Count(members);
            else if (members.Is("candidatesTokenCount"u8))
                candidates = Count(members);
            else if (members.Is("thoughtsTokenCount"u8))
                thoughts = Count(members);
            else if (members.Is("totalTokenCount"u8))
                total = Count(members);
            else if (members.Is("promptTokensDetails"u8))
                promptBy = Modalities.Read(members.Value);
            else if (members.Is("cacheTokensDetails"u8))
                cachedBy = Modalities.Read(members.Value);
            else if (members.Is("candidatesTokensDetails"u8))
                candidatesBy = Modalities.Read(members.Value);
            else if (members.IsText && (members.Is("serviceTier"u8) || members.Is("trafficType"u8)))
                tier = Tier(members.Text) ?? tier;
        }
        if ((prompt ?? cached ?? candidates ?? thoughts ?? total) is null)
            return null;
        var input = prompt;
        var cacheRead = Take(ref input, cached);
        var output = candidates;
        return new TokenUsage
        {
            AudioInput = Take(ref input, promptBy.Audio - (cachedBy.Audio ?? 0)),
            ImageInput = Take(ref input, promptBy.Image - (cachedBy.Image ?? 0)),
            Input = input,
            CacheRead = cacheRead,
            AudioOutput = Take(ref output, candidatesBy.Audio),
            ImageOutput = Take(ref output, candidatesBy.Image),
            Output = output,
            Reasoning = thoughts,
            ReportedTotal = total,
            ServiceTier = tier,
        };
    }

    /// <summary>The tiers with prices of their own: the Gemini API's words and Vertex's (its <c>TrafficType</c>, seen 2026-11).</summary>
    private static string? Tier(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("flex"u8) || word.SequenceEqual("ON_DEMAND_FLEX"u8) ? "flex"
        : word.SequenceEqual("priority"u8) || word.SequenceEqual("ON_DEMAND_PRIORITY"u8)
            ? "priority"
        : null;

    private static long? Count(in JsonWalk member) =>
        member.Integer is >= 0 and <= Largest ? member.Integer : null;

    private static long? Take(ref long? whole, long? part)
    {
        if (whole is not { } left || part is not { } wanted)
            return part;
        var taken = Math.Clamp(wanted, 0, left);
        whole = left - taken;
        return taken;
    }

    /// <summary>Counts by kind: <c>[{"modality": "AUDIO", "tokenCount": 5}]</c>.</summary>
    private struct Modalities
    {
        public long? Audio;
        public long? Image;

        public static Modalities Read(ReadOnlySpan<byte> details)
        {
            var found = default(Modalities);
            var items = new JsonWalk(details);
            while (items.Next())
            {
                ReadOnlySpan<byte> modality = default;
                long? count = null;
                var members = new JsonWalk(items.Value);
                while (members.Next())
                {
                    if (members.IsText && members.Is("modality"u8))
                        modality = members.Text;
                    else if (members.Is("tokenCount"u8))
                        count = Count(members);
                }
                if (modality.SequenceEqual("AUDIO"u8))
                    found.Audio = count;
                else if (modality.SequenceEqual("IMAGE"u8))
                    found.Image = count;
            }
            return found;
        }
    }
}
