namespace Dragoman.Storage.Sqlite;

/// <summary>The columns of the table <c>usage</c> in the order in which they are written and read, and each one's place in it.</summary>
internal static class UsageColumns
{
    public const string All = """
        id, started_at_us, caller, dialect, operation, route, deployment, streamed, outcome, status, error_code,
        input, cache_read, cache_write, cache_write_1h, output, reasoning, audio_input, audio_output, image_input,
        image_output, reported_total, reported_cost_usd, usage_estimated, cost_nano_usd, cost_basis, first_content_us,
        total_us, overhead_us, attempts, skipped, changes, reason, workspace, execution,
        user_tier, tags, task, chain, profile, decision, guardrails
        """;

    public const int Id = 0;
    public const int StartedAt = 1;
    public const int Caller = 2;
    public const int Dialect = 3;
    public const int Operation = 4;
    public const int Route = 5;
    public const int Deployment = 6;
    public const int Streamed = 7;
    public const int Outcome = 8;
    public const int Status = 9;
    public const int ErrorCode = 10;
    public const int Input = 11;
    public const int CacheRead = 12;
    public const int CacheWrite = 13;
    public const int CacheWrite1h = 14;
    public const int Output = 15;
    public const int Reasoning = 16;
    public const int AudioInput = 17;
    public const int AudioOutput = 18;
    public const int ImageInput = 19;
    public const int ImageOutput = 20;
    public const int ReportedTotal = 21;
    public const int ReportedCostUsd = 22;
    public const int UsageEstimated = 23;
    public const int CostNanoUsd = 24;
    public const int CostBasis = 25;
    public const int FirstContent = 26;
    public const int Total = 27;
    public const int Overhead = 28;
    public const int Attempts = 29;
    public const int Skipped = 30;
    public const int Changes = 31;
    public const int Reason = 32;
    public const int Workspace = 33;
    public const int Execution = 34;
    public const int UserTier = 35;
    public const int Tags = 36;
    public const int Task = 37;
    public const int Chain = 38;
    public const int Profile = 39;
    public const int Decision = 40;
    public const int Guardrails = 41;
}
