// The gateway in your own program: one answer, whole and streamed.
// dotnet run --project samples/in-process
using Dragoman;
using Dragoman.Simulator;

// No key is needed here: a simulator answers. With OPENAI_API_KEY, ANTHROPIC_API_KEY … set or Ollama running, the real ones do,
// and `await using var gateway = Gateway.Create();` is all of these two lines that is left.
await using var simulator = await SimulatorHost.StartAsync(SimulatorOptions.Demo);
await using var gateway = Gateway.Create(build =>
    build.LookForLocalServers(false).AddDemo(simulator.BaseUrl, simulator.Models)
);

var reply = await gateway.CompleteAsync("Hello");
Console.WriteLine($"{reply.Provider}/{reply.Model}: {reply.Content}");
Console.WriteLine(
    $"{reply.Usage?.TotalInput} + {reply.Usage?.TotalOutput} tokens, {reply.Cost} US dollars, {reply.Latency.TotalMilliseconds:0} ms"
);

await foreach (var update in gateway.StreamAsync("Tell me 20 words"))
    Console.Write(update.Delta);
Console.WriteLine();
