// A conversation that changes its model midway: whoever answers next is told all that was said.
// dotnet run --project samples/chat-with-history             (a script)
// dotnet run --project samples/chat-with-history -- -        (your own lines; /model NAME changes the model, an empty line ends)
using Dragoman;
using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Simulator;

await using var simulator = await SimulatorHost.StartAsync(SimulatorOptions.Demo);
await using var gateway = Gateway.Create(build =>
    build.LookForLocalServers(false).AddDemo(simulator.BaseUrl, simulator.Models)
);

string[] script = ["My name is Ada.", "/model demo/sage", "What is my name?"];
var lines = args is ["-"] ? Typed() : script;
var history = new List<Message>();
var model = "demo/swift";
foreach (var line in lines)
{
    if (line.StartsWith("/model ", StringComparison.Ordinal))
    {
        model = line["/model ".Length..];
        continue;
    }
    Console.WriteLine($"you: {line}");
    history.Add(Message.OfText(MessageRole.User, line));
    CompletionReply? reply = null;
    Console.Write($"{model}: ");
    await foreach (
        var update in gateway.StreamAsync(history, new CompletionOptions { Model = model })
    )
    {
        Console.Write(update.Delta);
        reply = update.Reply;
    }
    Console.WriteLine($"  ({history.Count} messages, {reply!.Usage?.TotalInput} tokens read)");
    // With reasoning, its signatures and tool calls: what its provider wants to see again.
    history.Add(reply.ToMessage());
}

static IEnumerable<string> Typed()
{
    while (Console.ReadLine() is { Length: > 0 } line)
        yield return line;
}
