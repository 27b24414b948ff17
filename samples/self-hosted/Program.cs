// A web application of your own with the gateway inside: your addresses, its models.
// dotnet run --project samples/self-hosted --urls http://127.0.0.1:5080
// curl "http://127.0.0.1:5080/ask?question=Hello"      curl -N "http://127.0.0.1:5080/stream?question=Hello"      curl http://127.0.0.1:5080/costs
using System.Runtime.CompilerServices;
using Dragoman;
using Dragoman.Native;
using Dragoman.Simulator;
using Dragoman.Usage;

var builder = WebApplication.CreateBuilder(args);

// With keys set, this and its AddDemo are needless: `builder.Services.AddDragoman();`
await using var simulator = await SimulatorHost.StartAsync(SimulatorOptions.Demo);
builder.Services.AddDragoman(gateway =>
    gateway.LookForLocalServers(false).AddDemo(simulator.BaseUrl, simulator.Models)
);

// What is written for Microsoft.Extensions.AI takes the gateway as any chat client.
builder.Services.AddSingleton(services =>
    services.GetRequiredService<Gateway>().AsChatClient("auto")
);
var app = builder.Build();

app.MapGet(
    "/ask",
    async (string question, Gateway gateway, CancellationToken left) =>
    {
        try
        {
            var options = new CompletionOptions { WorkspaceId = "web" };
            var reply = await gateway.CompleteAsync(question, options, left);
            return Results.Ok(
                new
                {
                    reply.Content,
                    reply.Provider,
                    reply.Model,
                    reply.Cost,
                }
            );
        }
        catch (GatewayException failure)
        {
            return Results.Problem(failure.Message, statusCode: failure.Error.Status);
        }
    }
);
app.MapGet(
    "/stream",
    (string question, Gateway gateway, CancellationToken left) =>
        TypedResults.ServerSentEvents(DeltasAsync(gateway, question, left))
);
app.MapGet("/costs", (Gateway gateway) => gateway.GetCostsAsync("web", UsagePeriod.Today));
app.Run();

static async IAsyncEnumerable<string> DeltasAsync(
    Gateway gateway,
    string question,
    [EnumeratorCancellation] CancellationToken left
)
{
    await foreach (var update in gateway.StreamAsync(question, cancellationToken: left))
        if (update.Delta is { } delta)
            yield return delta;
}
