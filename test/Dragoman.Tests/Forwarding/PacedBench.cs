using System.Text.RegularExpressions;
using Dragoman.Catalog;
using Dragoman.Routing;
using Dragoman.Simulator;
using Dragoman.TestKit;

namespace Dragoman.Tests.Forwarding;

/// <summary>
/// A bench whose provider sends the deltas of its streams one by one, the second not before the client has the first: what
/// comes after content does so for certain.
/// </summary>
internal sealed class PacedBench : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly Regex Content = new(
        "content\":\"[^\"]",
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(10)
    );
    private readonly ManualTime _upstreamTime;

    private PacedBench(ForwardingBench bench, ManualTime upstreamTime) =>
        (Bench, _upstreamTime) = (bench, upstreamTime);

    public ForwardingBench Bench { get; }
    public SimulatorHost Upstream => Bench.Upstream;

    public static async Task<PacedBench> StartAsync(TimeProvider? time = null)
    {
        var upstreamTime = new ManualTime();
        var options = new SimulatorOptions
        {
            ChunkDelay = Pace,
            PingInterval = TimeSpan.FromHours(1),
            TimeProvider = upstreamTime,
        };
        return new PacedBench(await ForwardingBench.StartAsync(time, options), upstreamTime);
    }

    public Deployment Deployment(string model) => Bench.Deployment(model);

    public RunningExchange Begin(string body, RoutingDecision decision) =>
        Bench.Begin(body, decision);

    /// <summary>Runs an exchange to its end.</summary>
    public async Task<FinishedExchange> AskAsync(string body, RoutingDecision decision) =>
        await EndAsync(Begin(body, decision));

    /// <summary>Lets the provider send one delta and waits until the client has it, or its error.</summary>
    public async Task UntilContentAsync(RunningExchange running)
    {
        if (!await NextAsync(running))
            return;
        await Task.WhenAny(
            running.Reply.UntilAsync(static text => Content.IsMatch(text)),
            running.Over
        );
    }

    /// <summary>Lets the provider send to the end.</summary>
    public async Task<FinishedExchange> EndAsync(RunningExchange running)
    {
        await UntilContentAsync(running);
        while (await NextAsync(running))
            continue;
        return await running.EndAsync();
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    /// <summary>The next delta, as soon as the provider has one; false where the exchange is over first.</summary>
    public async Task<bool> NextAsync(RunningExchange running)
    {
        await Task.WhenAny(_upstreamTime.UntilTimerAsync(TimeSpan.Zero, Pace), running.Over);
        if (running.IsOver)
            return false;
        _upstreamTime.Advance(Pace);
        return true;
    }
}
