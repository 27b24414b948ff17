using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Bounds;

/// <summary>
/// Whatever is configured, wished and broken: nobody is asked who may not be. Not decisions are looked at but calls as providers got
/// them, behind retries, fallbacks, recoveries, rules, agents and shortened conversations.
/// </summary>
public sealed class BoundsTests
{
    private const int Houses = 10_000;
    private const int Threads = 4;
    private const int CallsPerHouse = 3;

    [Fact]
    public void Forward_TenThousandHousesWishesAndFailures_NobodyOutsideTheBoundsIsAsked()
    {
        var parts = Enumerable
            .Range(0, Threads)
            .AsParallel()
            .WithDegreeOfParallelism(Threads)
            .Select(static part => new Walk(seed: 4711 + part).Through(Houses / Threads))
            .ToList();

        parts
            .SelectMany(static part => part.Violations)
            .DistinctBy(static violation => violation.Bound)
            .ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"asked {Sum(static p => p.Asked)}, fallbacks {Sum(static p => p.Fallbacks)}, retries {Sum(static p => p.Retries)}, recoveries {Sum(static p => p.Recoveries)}, shortened {Sum(static p => p.Shortened)}, stayed {Sum(static p => p.Stayed)}, ruled {Sum(static p => p.Ruled)}, local {Sum(static p => p.Local)}, regional {Sum(static p => p.Regional)}, limited {Sum(static p => p.Limited)}, limited again {Sum(static p => p.LimitedAgain)}, able {Sum(static p => p.Able)}, refused {Sum(static p => p.Refused)}"
        );

        // What is never tried is never found to be wrong.
        Sum(static part => part.Asked).ShouldBeGreaterThan(25_000);
        Sum(static part => part.Fallbacks).ShouldBeGreaterThan(5_000);
        Sum(static part => part.Retries).ShouldBeGreaterThan(3_000);
        Sum(static part => part.Recoveries).ShouldBeGreaterThan(25);
        Sum(static part => part.Shortened).ShouldBeGreaterThan(200);
        Sum(static part => part.Stayed).ShouldBeGreaterThan(20);
        Sum(static part => part.Ruled).ShouldBeGreaterThan(1_000);
        Sum(static part => part.Local).ShouldBeGreaterThan(1_000);
        Sum(static part => part.Regional).ShouldBeGreaterThan(1_000);
        Sum(static part => part.Limited).ShouldBeGreaterThan(1_000);
        Sum(static part => part.LimitedAgain).ShouldBeGreaterThan(100);
        Sum(static part => part.Able).ShouldBeGreaterThan(1_000);
        Sum(static part => part.Refused).ShouldBeGreaterThan(1_000);

        int Sum(Func<Walk, int> of) => parts.Sum(of);
    }

    /// <summary>Goes from house to house, and asks in each a few times.</summary>
    private sealed class Walk(int seed)
    {
        private readonly Random _chance = new(seed);
        private RandomHouse _house = null!;
        private long _id;

        public List<(string Bound, string Told)> Violations { get; } = [];
        public int Asked { get; private set; }
        public int Fallbacks { get; private set; }
        public int Retries { get; private set; }
        public int Recoveries { get; private set; }
        public int Shortened { get; private set; }
        public int Stayed { get; private set; }
        public int Ruled { get; private set; }
        public int Local { get; private set; }
        public int Regional { get; private set; }
        public int Limited { get; private set; }
        public int LimitedAgain { get; private set; }
        public int Able { get; private set; }
        public int Refused { get; private set; }

        public Walk Through(int houses)
        {
            for (var i = 0; i < houses; i++)
            {
                var time = new ManualTime();
                var upstream = new FailingUpstream(_chance);
                using var http = new HttpProvider(upstream);
                var forwarder = new Forwarder(http, time, _chance);
                _house = new RandomHouse(_chance, time);
                var conversation = new Conversation(_chance);
                var name = Pick(_house.Callable);
                for (var call = 0; call < CallsPerHouse; call++)
                {
                    if (call > 0 && _chance.Next(2) == 0)
                        name = Pick(_house.Callable);
                    var exchange = Exchange(conversation.Next(name), time);
                    upstream.Serve(_house, exchange.Log);
                    new OneThread(time).Run(() =>
                        new RouteStep().InvokeAsync(
                            exchange,
                            routed => forwarder.ForwardAsync(routed, routed.Get<RoutingDecision>()!)
                        )
                    );
                    Check(exchange, upstream.Asks, $"seed {seed}, house {i}, call {call}");
                    conversation.Hear("Yes.");
                }
            }
            return this;
        }

        private Exchange Exchange(byte[] body, ManualTime time)
        {
            RequestEnvelope.TryRead(body, out var envelope, out _).ShouldBeTrue();
            return new Exchange
            {
                Id = new RequestId(++_id),
                Dialect = new OpenAIChatDialect(),
                Operation = Operation.Chat,
                Body = body,
                Envelope = envelope!,
                Snapshot = new SnapshotParts(_house.Names),
                Reply = new MemoryReply(),
                Wishes = _chance.Next(4) == 0 ? Wishes.None : _house.Wishes(),
                StartTimestamp = time.GetTimestamp(),
                StartedAt = time.GetUtcNow(),
                ClientGone = CancellationToken.None,
            };
        }

        private void Check(Exchange exchange, IReadOnlyList<Ask> asks, string where)
        {
            var bounds = Bounds.Of(exchange, _house.Table);
            for (var i = 0; i < asks.Count; i++)
                if (bounds.WhyNot(asks[i]) is var (bound, told))
                    Violations.Add(
                        (
                            bound,
                            $"{where}, attempt {i + 1}: {exchange.Envelope.Model} asked {asks[i].Deployment}: {told} ({exchange.Log.Reason})"
                        )
                    );
            Count(exchange, asks, bounds);
        }

        private void Count(Exchange exchange, IReadOnlyList<Ask> asks, Bounds bounds)
        {
            Asked += asks.Count;
            Refused += exchange.Get<RoutingDecision>() is null ? 1 : 0;
            for (var i = 1; i < asks.Count; i++)
                if (asks[i].Deployment == asks[i - 1].Deployment)
                    Retries++;
                else
                    Fallbacks++;
            Recoveries += exchange.Log.Changes.Count(Begins("recovered:"));
            Shortened += exchange.Log.Changes.Count(Begins("context:"));
            if (asks.Count == 0)
                return;
            Stayed += exchange.Log.Reason?.Contains("; stays with", StringComparison.Ordinal)
                is true
                ? 1
                : 0;
            Ruled += exchange.Get<RoutingDecision>()?.Rule is null ? 0 : 1;
            Local += bounds.LocalOnly ? 1 : 0;
            Regional += bounds.Regions.Count > 0 ? 1 : 0;
            Limited += bounds.MaxUsd is null ? 0 : 1;
            LimitedAgain += bounds.MaxUsd is null ? 0 : asks.Count(static ask => ask.Spent > 0);
            Able += bounds.Required.Count > 0 ? 1 : 0;
        }

        private static Func<string, bool> Begins(string with) =>
            change => change.StartsWith(with, StringComparison.Ordinal);

        private T Pick<T>(IReadOnlyList<T> of) => of[_chance.Next(of.Count)];
    }
}
