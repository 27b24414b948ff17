using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Usage;

namespace Dragoman.TestKit;

/// <summary>Usage records to test with.</summary>
public static class UsageRecords
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A record with nothing in it that may be absent.</summary>
    public static UsageRecord Bare(long id, string? caller = null) =>
        new()
        {
            Id = new RequestId(id),
            StartedAt = Noon,
            Caller = caller,
            Dialect = "openai",
            Operation = "chat",
            Outcome = ExchangeOutcome.Failed,
        };

    /// <summary>An answered chat with one attempt, as most are.</summary>
    public static UsageRecord Usual(long id)
    {
        var usage = new TokenUsage
        {
            Input = 812,
            CacheRead = 128,
            Output = 240,
            ReportedTotal = 1180,
        };
        return Bare(id, "admin") with
        {
            Route = "openai/gpt-4o-mini",
            Deployment = "openai/gpt-4o-mini",
            Outcome = ExchangeOutcome.Succeeded,
            Status = 200,
            Streamed = true,
            Attempts =
            [
                new AttemptRecord
                {
                    Deployment = "openai/gpt-4o-mini",
                    Outcome = "success",
                    Status = 200,
                    StartedAfter = TimeSpan.FromMicroseconds(310),
                    Duration = TimeSpan.FromMicroseconds(1_402_118),
                    FirstContent = TimeSpan.FromMicroseconds(389_400),
                    Key = 1,
                    Usage = usage,
                    CostNanoUsd = 275_400,
                    CostBasis = CostBasis.Computed,
                },
            ],
            Usage = usage,
            CostNanoUsd = 275_400,
            CostBasis = CostBasis.Computed,
            FirstContent = TimeSpan.FromMicroseconds(389_710),
            Total = TimeSpan.FromMicroseconds(1_402_900),
            Overhead = TimeSpan.FromMicroseconds(470),
            Reason = "openai/gpt-4o-mini was named",
        };
    }

    /// <summary>A record in which every member is there, and every number another one.</summary>
    public static UsageRecord Full(long id) =>
        new()
        {
            Id = new RequestId(id),
            StartedAt = Noon.AddMicroseconds(123_456),
            Caller = "key-7",
            Workspace = "legal",
            Execution = "run-2026-03-04/17",
            UserTier = "gold",
            Tags = ["nightly", "\"quoted\" 🐉"],
            Task = "summarization",
            Chain = "mine",
            Dialect = "openai",
            Operation = "embeddings",
            Route = "steady",
            Deployment = "house-gpu/llama-3.3-70b",
            Streamed = true,
            Outcome = ExchangeOutcome.Broken,
            Status = 200,
            ErrorCode = "stream_cut",
            Attempts =
            [
                new AttemptRecord
                {
                    Deployment = "openai/gpt-4o",
                    Outcome = "rate_limited",
                    Status = 429,
                    StartedAfter = TimeSpan.FromMicroseconds(1),
                    Duration = TimeSpan.FromMicroseconds(2),
                    Error = "Slow down, \"please\" – ünïcode 🐉 \u0001",
                },
                new AttemptRecord
                {
                    Deployment = "house-gpu/llama-3.3-70b",
                    Outcome = "stream_cut",
                    Status = 200,
                    StartedAfter = TimeSpan.FromMicroseconds(3),
                    Duration = TimeSpan.FromMicroseconds(4),
                    FirstContent = TimeSpan.FromMicroseconds(5),
                    Key = 2,
                    Usage = Tokens(100),
                    CostNanoUsd = 6,
                    CostBasis = CostBasis.Estimated,
                },
            ],
            Skipped = [new SkipRecord("mistral/small", "no tools"), new SkipRecord("x/y", "")],
            Usage = Tokens(200),
            CostNanoUsd = long.MaxValue,
            CostBasis = CostBasis.Reported,
            FirstContent = TimeSpan.FromMicroseconds(7),
            Total = TimeSpan.FromMicroseconds(8),
            Overhead = TimeSpan.FromMicroseconds(9),
            Changes = ["temperature dropped", "chunk 3 skipped"],
            Reason = "steady: priority",
        };

    private static TokenUsage Tokens(long from) =>
        new()
        {
            Input = from,
            CacheRead = from + 1,
            CacheWrite = from + 2,
            CacheWrite1h = from + 3,
            Output = from + 4,
            Reasoning = from + 5,
            AudioInput = from + 6,
            AudioOutput = from + 7,
            ImageInput = from + 8,
            ImageOutput = from + 9,
            ReportedTotal = from + 10,
            ReportedCostUsd = 0.000_000_000_123m + from,
            Estimated = true,
        };
}
