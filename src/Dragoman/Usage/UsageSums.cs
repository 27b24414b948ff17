using Dragoman.Exchanges;

namespace Dragoman.Usage;

/// <summary>What is summed over calls; exact, in whole nano-dollars and microseconds.</summary>
public struct UsageSums
{
    public long Calls;
    public long Succeeded;

    /// <summary>Failed, or broken after the answer began.</summary>
    public long Failed;
    public long CostNanoUsd;

    /// <summary>Calls whose cost is known.</summary>
    public long Priced;

    /// <summary>Calls that a model answered at a cost nobody knows.</summary>
    public long Unpriced;

    /// <summary>Calls whose tokens are known.</summary>
    public long Counted;

    /// <summary>Calls that a model answered without anybody telling its tokens.</summary>
    public long Uncounted;
    public long Input;
    public long CacheRead;

    /// <summary>Written to either kind of cache.</summary>
    public long CacheWrite;
    public long Output;
    public long Reasoning;

    /// <summary>Audio and images, in and out.</summary>
    public long Media;
    public long TotalMicroseconds;

    /// <summary>The sums of one call.</summary>
    public static UsageSums Of(UsageRecord record)
    {
        var sums = new UsageSums
        {
            TotalMicroseconds = record.Total.Ticks / TimeSpan.TicksPerMicrosecond,
        };
        var usage = record.Usage;
        if (usage is not null)
        {
            sums.Input = usage.Input ?? 0;
            sums.CacheRead = usage.CacheRead ?? 0;
            sums.CacheWrite = (usage.CacheWrite ?? 0) + (usage.CacheWrite1h ?? 0);
            sums.Output = usage.Output ?? 0;
            sums.Reasoning = usage.Reasoning ?? 0;
            sums.Media =
                (usage.AudioInput ?? 0)
                + (usage.AudioOutput ?? 0)
                + (usage.ImageInput ?? 0)
                + (usage.ImageOutput ?? 0);
        }
        sums.Count(
            record.Outcome,
            answered: !string.IsNullOrEmpty(record.Deployment),
            counted: usage is not null && (usage.TotalInput ?? usage.TotalOutput) is not null,
            record.CostNanoUsd
        );
        return sums;
    }

    /// <summary>Sets what is counted of one call, whose tokens are set already.</summary>
    public void Count(ExchangeOutcome outcome, bool answered, bool counted, long? costNanoUsd)
    {
        Calls = 1;
        Succeeded = outcome is ExchangeOutcome.Succeeded ? 1 : 0;
        Failed = outcome is ExchangeOutcome.Failed or ExchangeOutcome.Broken ? 1 : 0;
        CostNanoUsd = costNanoUsd ?? 0;
        Priced = costNanoUsd is null ? 0 : 1;
        // A call that nobody answered and that used nothing cost nothing, and misses no price.
        Unpriced = costNanoUsd is null && (answered || Tokens > 0) ? 1 : 0;
        Counted = counted ? 1 : 0;
        Uncounted = !counted && answered ? 1 : 0;
    }

    public readonly long Tokens => Input + CacheRead + CacheWrite + Output + Reasoning + Media;

    public void Add(in UsageSums other)
    {
        Calls += other.Calls;
        Succeeded += other.Succeeded;
        Failed += other.Failed;
        CostNanoUsd = Saturating(CostNanoUsd, other.CostNanoUsd);
        Priced += other.Priced;
        Unpriced += other.Unpriced;
        Counted += other.Counted;
        Uncounted += other.Uncounted;
        Input += other.Input;
        CacheRead += other.CacheRead;
        CacheWrite += other.CacheWrite;
        Output += other.Output;
        Reasoning += other.Reasoning;
        Media += other.Media;
        TotalMicroseconds += other.TotalMicroseconds;
    }

    // Both are positive; garble may lie near the largest value.
    private static long Saturating(long one, long other) =>
        one > long.MaxValue - other ? long.MaxValue : one + other;
}
