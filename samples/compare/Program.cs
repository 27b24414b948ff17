// One question, three models side by side: time, tokens and cost.
// dotnet run --project samples/compare -- "Your question"
using Dragoman;
using Dragoman.Native;
using Dragoman.Simulator;

// With keys set, name real models instead, e.g. openai/gpt-4o-mini, anthropic/claude-haiku-4-5, ollama/llama3.2.
string[] models = ["demo/swift", "demo/coder", "demo/sage"];
var question = args is [var asked, ..] ? asked : "Why is the sky blue?";

await using var simulator = await SimulatorHost.StartAsync(SimulatorOptions.Demo);
await using var gateway = Gateway.Create(build =>
    build.LookForLocalServers(false).AddDemo(simulator.BaseUrl, simulator.Models)
);

// All at once; one that fails does not keep the others from being seen.
var answers = await Task.WhenAll(models.Select(AskAsync));
foreach (var (model, reply, failure) in answers)
    Console.WriteLine(
        reply is null
            ? $"{model, -12} failed: {failure!.Kind}, {failure.Message}"
            : $"{model, -12} {reply.Latency.TotalMilliseconds, 6:0} ms {reply.Usage?.TotalOutput, 5} tokens {reply.Cost, 12:0.0000000} USD  {reply.Content.Split('\n')[0]}"
    );

async Task<(string, CompletionReply?, GatewayException?)> AskAsync(string model)
{
    try
    {
        var reply = await gateway.CompleteAsync(
            question,
            new CompletionOptions { ForceModel = model }
        );
        return (model, reply, null);
    }
    catch (GatewayException failure)
    {
        return (model, null, failure);
    }
}
