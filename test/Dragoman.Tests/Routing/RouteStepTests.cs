using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

public sealed class RouteStepTests
{
    private const string House = """
        providers: { openai: { api_keys: [k] } }
        chains: { mine: { models: [openai/gpt-4o, anthropic/claude-opus-4-1] } }
        """;

    [Fact]
    public async Task Invoke_KnownName_HangsTheDecisionOnTheExchange()
    {
        var exchange = Exchange("chain:mine");
        var walkedOn = false;

        await new RouteStep().InvokeAsync(
            exchange,
            _ =>
            {
                walkedOn = true;
                return ValueTask.CompletedTask;
            }
        );

        walkedOn.ShouldBeTrue();
        var decision = exchange.Get<RoutingDecision>()!;
        decision.Chain[0].PublicName.ShouldBe("openai/gpt-4o");
        exchange.Log.Reason.ShouldBe(decision.Reason);
        exchange
            .Log.Skipped.ShouldHaveSingleItem()
            .Deployment.ShouldBe("anthropic/claude-opus-4-1");
    }

    [Fact]
    public async Task Invoke_UnknownName_AnswersInTheDialect()
    {
        var exchange = Exchange("gpt-4p");

        await new RouteStep().InvokeAsync(
            exchange,
            static _ => throw new InvalidOperationException("must not be walked on")
        );

        var reply = (MemoryReply)exchange.Reply;
        reply.Status.ShouldBe(404);
        reply.ContentType.ShouldBe("application/json");
        reply.ContentLength.ShouldBe(reply.Text.Length);
        JsonDocument
            .Parse(reply.Text)
            .RootElement.GetProperty("error")
            .GetProperty("code")
            .GetString()
            .ShouldBe("model_not_found");
        exchange.Log.Status.ShouldBe(404);
        exchange.Log.Outcome.ShouldBe(ExchangeOutcome.Failed);
        exchange.Log.Error!.Message.ShouldContain("gpt-4o");
    }

    [Theory]
    [InlineData(0.2, "1")]
    [InlineData(7, "7")]
    [InlineData(7.01, "8")]
    [InlineData(-1, "0")]
    public async Task ErrorReply_RetryAfter_IsWholeSecondsRoundedUp(double seconds, string header)
    {
        var exchange = Exchange("x");

        await ErrorReply.SendAsync(
            exchange,
            new GatewayError(GatewayErrorKind.RateLimited, "slow down")
            {
                RetryAfter = TimeSpan.FromSeconds(seconds),
            }
        );

        ((MemoryReply)exchange.Reply).Headers["Retry-After"].ShouldBe(header);
        ((MemoryReply)exchange.Reply).Status.ShouldBe(429);
    }

    [Fact]
    public async Task ErrorReply_AnswerHasBegun_BreaksTheConnection()
    {
        var exchange = Exchange("x");
        exchange.Reply.Start(200, "text/event-stream", null);

        await ErrorReply.SendAsync(exchange, new GatewayError(GatewayErrorKind.Upstream, "gone"));

        ((MemoryReply)exchange.Reply).Aborted.ShouldBeTrue();
        exchange.Log.Outcome.ShouldBe(ExchangeOutcome.Failed);
    }

    private static Exchange Exchange(string model)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model });
        RequestEnvelope.TryRead(body, out var envelope, out _).ShouldBeTrue();
        return new()
        {
            Id = new RequestId(1),
            Dialect = new OpenAIChatDialect(),
            Operation = Operation.Chat,
            Body = body,
            Envelope = envelope!,
            Snapshot = new SnapshotParts(NameResolverTests.Resolver(House)),
            Reply = new MemoryReply(),
            StartTimestamp = 0,
            StartedAt = DateTimeOffset.UnixEpoch,
            ClientGone = CancellationToken.None,
        };
    }
}
