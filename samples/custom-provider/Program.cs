// A gateway with two providers of one's own: an IChatClient of this process, and a server that speaks a known dialect.
// dotnet run --project samples/custom-provider
using CustomProvider;
using Dragoman.Providers.ChatClients;
using Dragoman.Server;

await using var server = await GatewayServer.StartAsync(
    ServerOptions.FromEnvironment(Environment.GetEnvironmentVariable) with
    {
        ConfigFile = Path.Combine(AppContext.BaseDirectory, "dragoman.yaml"),
        ChatClients =
        [
            new ChatClientProvider("house", new EchoChatClient(), "echo") { Local = true },
        ],
    }
);
Console.WriteLine($"Serving on {server.Address}. Try:");
Console.WriteLine(
    $$"""curl {{server.Address}}v1/chat/completions -H "Content-Type: application/json" -d '{"model":"house/echo","messages":[{"role":"user","content":"Hello"}]}'"""
);
await server.WaitForShutdownAsync();
