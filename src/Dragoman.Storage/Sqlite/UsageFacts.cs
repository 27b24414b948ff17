using Dragoman.Exchanges;
using Dragoman.Usage;

namespace Dragoman.Storage.Sqlite;

/// <summary>The columns of a record that accounts need, in the order of the index <c>usage_facts</c>, and their reading.</summary>
internal static class UsageFacts
{
    public const string Columns = """
        u.started_at_us, u.deployment, u.task, u.workspace, u.caller, u.execution, u.outcome, u.input, u.cache_read, u.cache_write,
        u.cache_write_1h, u.output, u.reasoning, u.audio_input, u.audio_output, u.image_input, u.image_output, u.cost_nano_usd, u.total_us
        """;

    public const int StartedAt = 0;
    public const int Count = 19;

    private const int Deployment = 1;
    private const int Outcome = 6;
    private const int Input = 7;
    private const int CacheRead = 8;
    private const int CacheWrite = 9;
    private const int CacheWrite1h = 10;
    private const int Output = 11;
    private const int Reasoning = 12;
    private const int FirstMedia = 13;
    private const int LastMedia = 16;
    private const int Cost = 17;
    private const int Total = 18;

    public static int ColumnOf(UsageDimensions dimension) =>
        dimension switch
        {
            UsageDimensions.Deployment => Deployment,
            UsageDimensions.Task => 2,
            UsageDimensions.Workspace => 3,
            UsageDimensions.Caller => 4,
            UsageDimensions.Execution => 5,
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
        };

    public static UsageSums Sums(RawReader row)
    {
        var sums = new UsageSums
        {
            Input = row.Int64(Input),
            CacheRead = row.Int64(CacheRead),
            CacheWrite = row.Int64(CacheWrite) + row.Int64(CacheWrite1h),
            Output = row.Int64(Output),
            Reasoning = row.Int64(Reasoning),
            TotalMicroseconds = row.Int64(Total),
        };
        for (var column = FirstMedia; column <= LastMedia; column++)
            sums.Media += row.Int64(column);
        sums.Count(
            OutcomeOf(row.Text(Outcome)),
            answered: !row.Text(Deployment).IsEmpty,
            counted: sums.Tokens != 0 || AnyCount(row),
            row.IsNull(Cost) ? null : row.Int64(Cost)
        );
        return sums;
    }

    /// <summary>Somebody told a count, if only zero.</summary>
    private static bool AnyCount(RawReader row)
    {
        for (var column = Input; column <= LastMedia; column++)
        {
            if (!row.IsNull(column))
                return true;
        }
        return false;
    }

    private static ExchangeOutcome OutcomeOf(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("succeeded"u8) ? ExchangeOutcome.Succeeded
        : word.SequenceEqual("cancelled"u8) ? ExchangeOutcome.Cancelled
        : word.SequenceEqual("broken"u8) ? ExchangeOutcome.Broken
        : ExchangeOutcome.Failed;
}
