// A way of choosing of one's own: it is asked for by its name, in configuration, as auto:frugal_genius or per call.
// dotnet run --project samples/custom-strategy
using Dragoman;
using Dragoman.Native;
using Dragoman.Routing;
using Dragoman.Simulator;

await using var simulator = await SimulatorHost.StartAsync(SimulatorOptions.Demo);
await using var gateway = Gateway.Create(build =>
    build.LookForLocalServers(false).AddDemo(simulator.BaseUrl, simulator.Models).AddStrategy(new FrugalGenius())
);

foreach (var strategy in new[] { "cost_optimized", "frugal_genius" })
{
    var options = new CompletionOptions { Strategy = strategy };
    var reply = await gateway.CompleteAsync("How many primes are below 100?", options);
    Console.WriteLine(
        $"{strategy}: {reply.Provider}/{reply.Model}, because {reply.Routing.Reason}"
    );
}

/// <summary>The best that costs no more than a cent; what nobody knows the price or the quality of comes last.</summary>
internal sealed class FrugalGenius : IRoutingStrategy
{
    private const decimal Cent = 0.01m;

    public string Name => "frugal_genius";

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        [
            .. candidates
                .OrderBy(static it => it.Cost is { } cost && cost <= Cent ? 0 : 1)
                .ThenByDescending(static it => it.Quality ?? double.MinValue),
        ];

    public string Explain(IReadOnlyList<Candidate> ordered, int among) =>
        $"{ordered[0].Name} is the best of {among} for a cent";
}
