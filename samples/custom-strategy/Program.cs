// A way of choosing of one's own: it is asked for by its name, in configuration, as auto:frugal_genius or per call.
// dotnet run --project samples/custom-strategy
using CustomStrategy;
using Dragoman;
using Dragoman.Native;
using Dragoman.Simulator;

await using var simulator = await SimulatorHost.StartAsync(SimulatorOptions.Demo);
await using var gateway = Gateway.Create(build =>
    build
        .LookForLocalServers(false)
        .AddDemo(simulator.BaseUrl, simulator.Models)
        .AddStrategy(new FrugalGenius())
);

foreach (var strategy in new[] { "cost_optimized", "frugal_genius" })
{
    var options = new CompletionOptions { Strategy = strategy };
    var reply = await gateway.CompleteAsync("How many primes are below 100?", options);
    Console.WriteLine(
        $"{strategy}: {reply.Provider}/{reply.Model}, because {reply.Routing.Reason}"
    );
}
