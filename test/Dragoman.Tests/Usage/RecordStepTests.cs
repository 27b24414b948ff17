using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.TestKit;
using Dragoman.Usage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Usage;

public sealed class RecordStepTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly InMemoryUsageStore _store = new();
    private readonly LogLines<RecordStep> _log = new();
    private readonly MemoryReply _reply = new();
    private readonly CancellationTokenSource _client = new();
    private readonly UsageLedger _ledger;
    private Wishes _wishes = Wishes.None;
    private readonly RecordStep _step;

    public RecordStepTests()
    {
        _ledger = new UsageLedger(
            _store,
            new UsageLedgerOptions(),
            NullLogger<UsageLedger>.Instance
        );
        _step = new RecordStep(_ledger, _time, _log);
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        _client.Dispose();
    }

    [Fact]
    public async Task Invoke_Answered_RecordsWhatTheStepsFound()
    {
        var usage = new TokenUsage { Input = 10, Output = 5 };
        var record = await RecordAsync(exchange =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(90));
            exchange.Log.WaitedTicks = 88_000;
            exchange.Log.Outcome = ExchangeOutcome.Succeeded;
            exchange.Log.Status = 200;
            exchange.Log.AnsweredBy = "openai/gpt-4o-mini";
            exchange.Log.FirstContent = TimeSpan.FromMilliseconds(30);
            exchange.Log.Reason = "named";
            exchange.Log.Skip("a/b", "no tools");
            exchange.Log.Change("seed dropped");
            // Rounded one by one these would be 70 and 0; the exchange is rounded once.
            exchange.Log.Add(
                new AttemptRecord
                {
                    Deployment = "openai/gpt-4o-mini",
                    Outcome = "success",
                    Usage = usage,
                    CostNanoUsd = 70,
                    CostBasis = CostBasis.Computed,
                },
                new Cost(70.4e-9m, CostBasis.Computed)
            );
            exchange.Log.Add(
                new AttemptRecord { Deployment = "a/b", Outcome = "stream_cut" },
                new Cost(0.4e-9m, CostBasis.Computed)
            );
            return ValueTask.CompletedTask;
        });

        record.Caller.ShouldBe("admin");
        record.Dialect.ShouldBe("openai");
        record.Operation.ShouldBe("chat");
        record.Route.ShouldBe("fast");
        record.Deployment.ShouldBe("openai/gpt-4o-mini");
        record.Streamed.ShouldBeTrue();
        record.StartedAt.ShouldBe(UsageRecords.Noon);
        record.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
        record.Status.ShouldBe(200);
        record.ErrorCode.ShouldBeNull();
        record.Attempts.Count.ShouldBe(2);
        record.Usage.ShouldBe(usage);
        record.CostNanoUsd.ShouldBe(71);
        record.CostBasis.ShouldBe(CostBasis.Computed);
        record.FirstContent.ShouldBe(TimeSpan.FromMilliseconds(30));
        record.Total.ShouldBe(TimeSpan.FromMilliseconds(90));
        record.Overhead.ShouldBe(TimeSpan.FromMilliseconds(2));
        record.Skipped.ShouldBe([new SkipRecord("a/b", "no tools")]);
        record.Changes.ShouldBe(["seed dropped"]);
        record.Reason.ShouldBe("named");
    }

    [Fact]
    public async Task Invoke_ClientSaidWhatItIsFor_IsKeptForTheAccounts()
    {
        _wishes = new Wishes
        {
            WorkspaceId = "legal",
            ExecutionId = "run-7",
            UserTier = "gold",
            Tags = ["nightly"],
            TaskType = "coding",
        };

        var record = await RecordAsync(exchange =>
        {
            exchange.Set(
                new RoutingDecision
                {
                    Route = "fast",
                    ChainName = "mine",
                    Chain = [],
                    Reason = "",
                }
            );
            return ValueTask.CompletedTask;
        });

        record.Workspace.ShouldBe("legal");
        record.Execution.ShouldBe("run-7");
        record.UserTier.ShouldBe("gold");
        record.Tags.ShouldBe(["nightly"]);
        record.Task.ShouldBe("code");
        record.Chain.ShouldBe("mine");
    }

    [Fact]
    public async Task Invoke_NoAttempts_LeavesCostAndTokensAbsent()
    {
        var record = await RecordAsync(exchange =>
            ErrorReply.SendAsync(
                exchange,
                new GatewayError(GatewayErrorKind.NotFound, "no such model")
            )
        );

        record.Usage.ShouldBeNull();
        record.CostNanoUsd.ShouldBeNull();
        record.CostBasis.ShouldBe(CostBasis.Unpriced);
        record.ErrorCode.ShouldBe("not_found");
        record.Status.ShouldBe(404);
    }

    [Fact]
    public async Task Invoke_ErrorWithItsOwnCode_KeepsIt()
    {
        var record = await RecordAsync(exchange =>
            ErrorReply.SendAsync(
                exchange,
                new GatewayError(GatewayErrorKind.NotFound, "x") { Code = "model_not_found" }
            )
        );

        record.ErrorCode.ShouldBe("model_not_found");
    }

    [Fact]
    public async Task Invoke_BugBeforeTheReply_TellsTheClientWithoutQuotingIt()
    {
        var record = await RecordAsync(_ =>
            throw new InvalidOperationException("my secret prompt")
        );

        _reply.Status.ShouldBe(500);
        _reply.Text.ShouldContain(record.Id.ToString());
        _reply.Text.ShouldNotContain("secret");
        _reply.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(_reply.Text));
        record.Outcome.ShouldBe(ExchangeOutcome.Failed);
        record.Status.ShouldBe(500);
        record.ErrorCode.ShouldBe("internal");
        var (level, text) = _log.All.ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Error);
        text.ShouldContain(nameof(InvalidOperationException));
        text.ShouldContain(record.Id.ToString());
        text.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Invoke_BugAfterTheReplyBegan_BreaksTheConnection()
    {
        var record = await RecordAsync(exchange =>
        {
            exchange.Log.Status = 200;
            exchange.Reply.Start(200, "text/event-stream", contentLength: null);
            throw new InvalidOperationException();
        });

        _reply.Aborted.ShouldBeTrue();
        _reply.Text.ShouldBeEmpty();
        record.Outcome.ShouldBe(ExchangeOutcome.Broken);
        record.Status.ShouldBe(200);
        record.ErrorCode.ShouldBe("internal");
    }

    [Fact]
    public async Task Invoke_ClientGone_IsCancelledAndNoError()
    {
        var record = await RecordAsync(async exchange =>
        {
            await _client.CancelAsync();
            exchange.ClientGone.ThrowIfCancellationRequested();
        });

        record.Outcome.ShouldBe(ExchangeOutcome.Cancelled);
        record.Status.ShouldBe(499);
        _log.All.ShouldBeEmpty();
        _reply.HasStarted.ShouldBeFalse();
    }

    [Fact]
    public async Task Invoke_MoreWaitedThanPassed_HasNoNegativeOverhead()
    {
        var record = await RecordAsync(exchange =>
        {
            exchange.Log.WaitedTicks = 5;
            return ValueTask.CompletedTask;
        });

        record.Overhead.ShouldBe(TimeSpan.Zero);
    }

    private async Task<UsageRecord> RecordAsync(ExchangeDelegate next)
    {
        RequestEnvelope
            .TryRead("""{"model":"fast","stream":true}"""u8.ToArray(), out var envelope, out _)
            .ShouldBeTrue();
        var exchange = new Exchange
        {
            Id = new RequestId(7),
            Dialect = new OpenAIChatDialect(),
            Operation = Operation.Chat,
            Body = default,
            Envelope = envelope!,
            Snapshot = new SnapshotParts(),
            Reply = _reply,
            Caller = "admin",
            Wishes = _wishes,
            StartTimestamp = _time.GetTimestamp(),
            StartedAt = UsageRecords.Noon,
            ClientGone = _client.Token,
        };
        await _step.InvokeAsync(exchange, next);
        await _ledger.FlushAsync();
        return (await _store.FindAsync(exchange.Id)).ShouldNotBeNull();
    }
}
