using System.Text;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Limits;
using Dragoman.Limits.Rates;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits;

public sealed class RateLimitStepTests
{
    private readonly ManualTime _time = new();
    private readonly InMemoryRateLimitStore _store;
    private readonly OutputLengths _lengths = new();
    private readonly RateLimitStep _step;
    private readonly RateLimit _limit = new(
        "l",
        Scope.Everything,
        [new RateMeter(RateKind.Tokens, TimeSpan.FromMinutes(1), 10_000)],
        concurrent: 1
    );

    public RateLimitStepTests()
    {
        _store = new InMemoryRateLimitStore(_time);
        _step = new RateLimitStep(new RateTaker(_store, _time), _lengths, _time);
    }

    [Theory]
    [InlineData(null, null, 100, 40, 140)]
    [InlineData(null, null, 100, null, 100)]
    [InlineData("server_error", 500, null, null, null)]
    [InlineData("connect_failed", null, null, null, null)]
    public async Task Invoke_AnAttemptEnded_CountsWhatItUsed(
        string? outcome,
        int? status,
        int? input,
        int? output,
        int? counted
    )
    {
        var exchange = ExchangeOf();

        await _step.InvokeAsync(
            exchange,
            one =>
            {
                one.Log.Add(
                    new AttemptRecord
                    {
                        Deployment = "a/b",
                        Outcome = outcome ?? "success",
                        Status = status,
                        Usage = input is null
                            ? null
                            : new TokenUsage { Input = input, Output = output },
                    },
                    cost: null
                );
                return ValueTask.CompletedTask;
            }
        );

        (await UsedAsync()).ShouldBe(counted);
    }

    [Theory]
    [InlineData("client_gone")]
    [InlineData("attempt_timeout")]
    [InlineData("reset")]
    public async Task Invoke_NobodyKnowsWhatItUsed_CountsTheEstimate(string outcome)
    {
        var exchange = ExchangeOf();
        var expected = ExpectedTokens.Of(exchange, _lengths, deployment: null);

        await _step.InvokeAsync(
            exchange,
            one =>
            {
                one.Log.Add(
                    new AttemptRecord { Deployment = "a/b", Outcome = outcome },
                    cost: null
                );
                return ValueTask.CompletedTask;
            }
        );

        (await UsedAsync()).ShouldBe(expected.Input + expected.Output);
    }

    [Fact]
    public async Task Invoke_TheRestThrows_NoLongerRuns()
    {
        await Should.ThrowAsync<InvalidOperationException>(async () =>
            await _step.InvokeAsync(ExchangeOf(), static _ => throw new InvalidOperationException())
        );
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await _step.InvokeAsync(
                ExchangeOf(),
                static async _ =>
                {
                    await Task.Yield();
                    throw new OperationCanceledException();
                }
            )
        );

        (await _store.StatesAsync(_limit)).ShouldBeEmpty();
        var reached = false;
        await _step.InvokeAsync(
            ExchangeOf(),
            _ =>
            {
                reached = true;
                return ValueTask.CompletedTask;
            }
        );
        reached.ShouldBeTrue();
    }

    [Fact]
    public async Task Invoke_WhatTheHouseAsksForARequest_RunsBesideIt()
    {
        var (inner, outer) = (false, new TaskCompletionSource());
        var running = _step.InvokeAsync(ExchangeOf(), async _ => await outer.Task).AsTask();

        await _step.InvokeAsync(
            ExchangeOf(isOfHouse: true),
            _ =>
            {
                inner = true;
                return ValueTask.CompletedTask;
            }
        );

        inner.ShouldBeTrue();
        (await _store.StatesAsync(_limit)).Single().Running.ShouldBe(1);
        outer.SetResult();
        await running;
    }

    [Fact]
    public async Task Invoke_OneThatEndsAMomentLater_IsNotRefusedFor()
    {
        var (first, second) = (new TaskCompletionSource(), false);
        var running = _step.InvokeAsync(ExchangeOf(), async _ => await first.Task).AsTask();
        var waiting = _step
            .InvokeAsync(
                ExchangeOf(),
                _ =>
                {
                    second = true;
                    return ValueTask.CompletedTask;
                }
            )
            .AsTask();
        second.ShouldBeFalse();

        first.SetResult();
        await running;
        await ElapseAsync(waiting);

        second.ShouldBeTrue();
    }

    [Fact]
    public async Task Invoke_AnotherThatGoesOn_IsRefusedForAndTakesNothing()
    {
        var first = new TaskCompletionSource();
        var running = _step.InvokeAsync(ExchangeOf(), async _ => await first.Task).AsTask();
        var refused = ExchangeOf();
        var waiting = _step
            .InvokeAsync(refused, static _ => throw new InvalidOperationException())
            .AsTask();

        await ElapseAsync(waiting);

        ((MemoryReply)refused.Reply).Status.ShouldBe(429);
        ((MemoryReply)refused.Reply).Headers["Retry-After"].ShouldBe("1");
        (await _store.StatesAsync(_limit)).Single().Running.ShouldBe(1);
        first.SetResult();
        await running;
        (await _store.StatesAsync(_limit)).ShouldBeEmpty();
    }

    private async Task ElapseAsync(Task waiting)
    {
        while (!waiting.IsCompleted)
        {
            _time.AdvanceToNextTimer();
            await Task.Yield();
        }
        await waiting;
    }

    [Fact]
    public async Task Invoke_ScopeThatDoesNotHoldTheCall_TouchesNothing()
    {
        var limit = new RateLimit(
            "l",
            new Scope([new(ScopeKind.Team, new NamePattern("x"))]),
            [],
            1
        );
        var exchange = ExchangeOf(limit);

        await _step.InvokeAsync(exchange, static _ => ValueTask.CompletedTask);

        exchange.Get<RateLease>().ShouldBeNull();
        ((MemoryReply)exchange.Reply).Headers.ShouldBeEmpty();
    }

    private async Task<long?> UsedAsync() =>
        (await _store.StatesAsync(_limit)) is [var state] ? state.Meters.Single().Used : null;

    private Exchange ExchangeOf(RateLimit? limit = null, bool isOfHouse = false)
    {
        var body = Encoding.UTF8.GetBytes(
            """{"model":"m","messages":[{"role":"user","content":"How are you today?"}]}"""
        );
        RequestEnvelope.TryRead(body, out var envelope, out _).ShouldBeTrue();
        var exchange = new Exchange
        {
            Id = new RequestId(1),
            Dialect = new OpenAIChatDialect(),
            Operation = Operation.Chat,
            Body = body,
            Envelope = envelope!,
            Snapshot = new SnapshotParts(LimitBook.Of([limit ?? _limit])!),
            Reply = new MemoryReply(),
            StartTimestamp = _time.GetTimestamp(),
            StartedAt = _time.GetUtcNow(),
            ClientGone = CancellationToken.None,
        };
        if (isOfHouse)
            exchange.Set(HouseNamed.Instance);
        return exchange;
    }
}
