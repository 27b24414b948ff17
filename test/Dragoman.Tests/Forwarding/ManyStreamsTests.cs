using System.Globalization;
using Dragoman.Exchanges;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

public sealed class ManyStreamsTests
{
    private const int Streams = 2000;

    [Fact]
    public async Task Forward_TwoThousandSlowStreamsAtOnce_EachGetsItsOwnAnswer()
    {
        await using var bench = await ForwardingBench.StartAsync(
            options: new SimulatorOptions
            {
                FirstDelay = TimeSpan.FromSeconds(2),
                ChunkDelay = TimeSpan.FromMilliseconds(150),
                JournalLength = 0,
            }
        );
        var chain = ForwardingBench.Chain(null, bench.Deployment("swift"));

        var running = Enumerable
            .Range(0, Streams)
            .Select(number => bench.Begin(Body(number), chain))
            .ToArray();
        var finished = new FinishedExchange[Streams];
        for (var number = 0; number < Streams; number++)
            finished[number] = await running[number].EndAsync();

        for (var number = 0; number < Streams; number++)
        {
            var item = finished[number];
            item.Log.Outcome.ShouldBe(ExchangeOutcome.Succeeded);
            item.Content()
                .ShouldBe(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"This is a simulated answer. Your message begins with: number {number} it is"
                    )
                );
            item.Text.ShouldEndWith("data: [DONE]\n\n");
            item.Log.Attempts.ShouldHaveSingleItem().Usage!.Estimated.ShouldBeFalse();
        }
        bench.Upstream.Requests.Count.ShouldBe(Streams);
        bench.Upstream.Aborted.ShouldBe(0);
    }

    private static string Body(int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"model":"x","stream":true,"messages":[{"role":"user","content":"number {{number}} it is"}]}"""
        );
}
