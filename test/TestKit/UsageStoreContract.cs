using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every usage store must do; a new one inherits this and says how it is made.</summary>
public abstract class UsageStoreContract
{
    /// <summary>An empty store.</summary>
    protected abstract IUsageStore Store { get; }

    [Fact]
    public async Task Find_FullRecord_GivesEveryMemberBack()
    {
        var written = UsageRecords.Full(42);
        Store.Write([written]);

        ShouldBeSame(await Store.FindAsync(written.Id), written);
    }

    [Theory]
    [InlineData("key_1", 1)]
    [InlineData("key_1,key_2,key_none", 2)]
    [InlineData("", 0)]
    [InlineData(null, 4)]
    public async Task ListAndSummarize_WithinSomeCallers_HoldTheirsAlone(string? callers, int calls)
    {
        string[]? within = callers?.Split(',', StringSplitOptions.RemoveEmptyEntries);
        Store.Write([
            UsageRecords.Bare(1, "key_1"),
            UsageRecords.Bare(2, "key_2"),
            UsageRecords.Bare(3, "it's \"quoted\""),
            UsageRecords.Bare(4),
        ]);

        var page = await Store.ListAsync(new UsageQuery { Callers = within });
        page.Count.ShouldBe(calls);
        page.ShouldAllBe(record => within == null || within.Contains(record.Caller));
        // Whole days, hours, and single records are read from different places.
        foreach (var to in (int[])[48, 13])
        foreach (var by in Enum.GetValues<UsageGrouping>())
        {
            var summary = await Store.SummarizeAsync(
                new UsageSummaryQuery
                {
                    By = by,
                    From = UsageRecords.Noon.AddHours(-12),
                    To = UsageRecords.Noon.AddHours(to),
                    Callers = within,
                }
            );
            summary.Totals.Calls.ShouldBe(calls);
        }
        // Another filter does not widen it.
        (
            await Store.ListAsync(new UsageQuery { Callers = within, Caller = "key_2" })
        ).Count.ShouldBe(within is null || within.Contains("key_2") ? 1 : 0);
        (
            await Store.ListAsync(new UsageQuery { Callers = ["it's \"quoted\""] })
        ).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Find_BareRecord_GivesAbsentBackAsAbsent()
    {
        var written = UsageRecords.Bare(42);
        Store.Write([written]);

        var read = await Store.FindAsync(written.Id);

        ShouldBeSame(read, written);
        read!.Usage.ShouldBeNull();
        read.CostNanoUsd.ShouldBeNull();
        read.FirstContent.ShouldBeNull();
    }

    [Fact]
    public async Task Find_ZerosAndEmptyTexts_AreNotAbsent()
    {
        var written = UsageRecords.Bare(42, caller: "") with
        {
            Route = "",
            Reason = "",
            Usage = new TokenUsage { Input = 0, ReportedCostUsd = 0.00m },
            CostNanoUsd = 0,
            FirstContent = TimeSpan.Zero,
            Attempts =
            [
                new AttemptRecord
                {
                    Deployment = "",
                    Outcome = "",
                    Usage = new(),
                },
            ],
        };
        Store.Write([written]);

        ShouldBeSame(await Store.FindAsync(written.Id), written);
    }

    [Fact]
    public async Task Write_TextWithHalfSurrogate_IsStored()
    {
        var attempt = new AttemptRecord
        {
            Deployment = "a/b",
            Outcome = "error",
            Error = "half \ud83d of a dragon",
        };
        Store.Write([UsageRecords.Bare(42, caller: "\udc09") with { Attempts = [attempt] }]);

        var read = await Store.FindAsync(new RequestId(42));

        read!.Attempts[0].Error.ShouldStartWith("half ");
        read.Attempts[0].Error.ShouldEndWith(" of a dragon");
    }

    [Fact]
    public async Task Write_SameIdAgain_KeepsTheFirst()
    {
        var first = UsageRecords.Usual(42);
        Store.Write([first]);

        Store.Write([first with { CostNanoUsd = 1 }, UsageRecords.Usual(43)]);

        (await Store.ListAsync(new UsageQuery()))
            .Select(record => record.Id.Value)
            .ShouldBe([43, 42]);
        ShouldBeSame(await Store.FindAsync(first.Id), first);
    }

    [Fact]
    public async Task Find_UnknownId_IsNull()
    {
        Store.Write([UsageRecords.Bare(1)]);

        (await Store.FindAsync(new RequestId(2))).ShouldBeNull();
    }

    [Fact]
    public async Task List_InPages_GivesEachRecordOnceNewestFirst()
    {
        Store.Write([UsageRecords.Bare(3), UsageRecords.Bare(1), UsageRecords.Bare(5)]);
        Store.Write([UsageRecords.Bare(4), UsageRecords.Bare(2)]);
        var seen = new List<long>();

        RequestId? before = null;
        while (
            await Store.ListAsync(new UsageQuery { Before = before, Limit = 2 })
                is { Count: > 0 } page
        )
        {
            page.Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page.Select(record => record.Id.Value));
            before = page[^1].Id;
        }

        seen.ShouldBe([5, 4, 3, 2, 1]);
    }

    [Fact]
    public async Task List_OfOneCaller_LeavesOthersOut()
    {
        Store.Write([UsageRecords.Bare(1, "a"), UsageRecords.Bare(2, "b"), UsageRecords.Bare(3)]);
        Store.Write([UsageRecords.Bare(4, "a")]);

        var page = await Store.ListAsync(new UsageQuery { Caller = "a" });

        page.Select(record => record.Id.Value).ShouldBe([4, 1]);
    }

    [Fact]
    public async Task List_LimitBelowOne_IsRefused() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Store.ListAsync(new UsageQuery { Limit = 0 })
        );

    [Fact]
    public async Task List_Filtered_GivesWhatMatchesPageByPage()
    {
        var records = History(2_000, TimeSpan.FromDays(3)).ToList();
        Store.Write(records.ToArray());
        var middle = records[700].StartedAt;
        foreach (
            var (query, matches) in new (UsageQuery, Func<UsageRecord, bool>)[]
            {
                (new() { Since = middle }, r => r.StartedAt >= middle),
                (
                    new() { Outcome = ExchangeOutcome.Failed },
                    r => r.Outcome == ExchangeOutcome.Failed
                ),
                (new() { Workspace = "workspace-03" }, r => r.Workspace == "workspace-03"),
                (
                    new() { Caller = "key-03", Since = middle },
                    r => r.Caller == "key-03" && r.StartedAt >= middle
                ),
                (
                    new() { Provider = "together" },
                    r => r.Deployment?.StartsWith("together/", StringComparison.Ordinal) is true
                ),
                (new() { Model = "gpt-4o" }, r => r.Deployment == "openai/gpt-4o"),
                (new() { Model = "openai/gpt-4o" }, r => r.Deployment == "openai/gpt-4o"),
                (
                    new() { Model = "Qwen/Qwen2.5-Coder-32B-Instruct" },
                    r => r.Deployment == "together/Qwen/Qwen2.5-Coder-32B-Instruct"
                ),
                (new() { Model = "gpt" }, _ => false),
            }
        )
        {
            var seen = new List<RequestId>();
            RequestId? before = null;
            while (
                await Store.ListAsync(query with { Before = before, Limit = 37 })
                    is { Count: > 0 } page
            )
            {
                seen.AddRange(page.Select(record => record.Id));
                before = page[^1].Id;
            }

            seen.ShouldBe(
                records
                    .Where(matches)
                    .OrderByDescending(record => record.StartedAt)
                    .Select(record => record.Id),
                ignoreOrder: query.Since is null && Store is InMemoryUsageStore,
                query.ToString()
            );
        }
    }

    [Fact]
    public async Task Summarize_AnyQuestion_GivesThePlainSums()
    {
        var records = History(20_000, TimeSpan.FromDays(40)).ToArray();
        var random = new Random(7);
        // In the order of their ends, which is not that of their ids.
        random.Shuffle(records.AsSpan(3_000, 9_000));
        for (var i = 0; i < records.Length; i += 500)
            Store.Write(records.AsSpan(i, 500));
        Store.Write(records.AsSpan(10_000, 500));
        await ShouldAnswerAsync(records, random, 200);
    }

    [Fact]
    public async Task Summarize_NoCalls_IsZeroAndKnown()
    {
        var summary = await Store.SummarizeAsync(
            new()
            {
                By = UsageGrouping.Model,
                From = UsageRecords.Noon,
                To = UsageRecords.Noon.AddDays(40),
            }
        );

        summary.Totals.ShouldBe(default);
        summary.Rows.ShouldBeEmpty();
        summary.Truncated.ShouldBeFalse();
    }

    [Fact]
    public async Task Summarize_GarbledCosts_StayAtTheLargestValue()
    {
        Store.Write([UsageRecords.Full(1), UsageRecords.Full(2), UsageRecords.Full(3)]);

        var summary = await Store.SummarizeAsync(
            new()
            {
                By = UsageGrouping.Task,
                From = UsageRecords.Noon.AddDays(-1),
                To = UsageRecords.Noon.AddDays(1),
            }
        );

        summary.Rows.ShouldHaveSingleItem().Sums.CostNanoUsd.ShouldBe(long.MaxValue);
    }

    /// <summary>Asks questions drawn at random and compares with sums over the records themselves.</summary>
    protected async Task ShouldAnswerAsync(UsageRecord[] records, Random random, int questions)
    {
        for (var i = 0; i < questions; i++)
        {
            var query = UsageQuestions.Next(random, records);
            var (totals, rows) = UsageQuestions.Answer(records, query);

            var summary = await Store.SummarizeAsync(query);

            summary.Totals.ShouldBe(totals, query.ToString());
            summary.Truncated.ShouldBe(rows.Count > query.Limit, query.ToString());
            summary.Rows.Count.ShouldBe(Math.Min(rows.Count, query.Limit), query.ToString());
            foreach (var row in summary.Rows)
                row.Sums.ShouldBe(rows[row.Name ?? ""], $"{row.Name} of {query}");
            InOrder(summary).ShouldBeTrue(query.ToString());
        }
    }

    private static bool InOrder(UsageSummary summary) =>
        summary
            .Rows.Zip(summary.Rows.Skip(1))
            .All(pair =>
                summary.Query.By is UsageGrouping.Hour or UsageGrouping.Day or UsageGrouping.Month
                    ? string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0
                    : pair.First.Sums.CostNanoUsd > pair.Second.Sums.CostNanoUsd
                        || (
                            pair.First.Sums.CostNanoUsd == pair.Second.Sums.CostNanoUsd
                            && pair.First.Sums.Calls >= pair.Second.Sums.Calls
                        )
            );

    protected static IEnumerable<UsageRecord> History(int count, TimeSpan span) =>
        new UsageHistory(count, UsageRecords.Noon, span, executions: count / 10).Records();

    private static void ShouldBeSame(UsageRecord? read, UsageRecord written)
    {
        read.ShouldNotBeNull();
        read.Attempts.ShouldBe(written.Attempts);
        read.Skipped.ShouldBe(written.Skipped);
        read.Changes.ShouldBe(written.Changes);
        read.Tags.ShouldBe(written.Tags);
        // Lists compare by reference; everything else by value.
        (
            read with
            {
                Attempts = written.Attempts,
                Skipped = written.Skipped,
                Changes = written.Changes,
                Tags = written.Tags,
            }
        ).ShouldBe(written);
    }
}
