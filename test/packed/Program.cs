using Dragoman;
using Dragoman.Native;
using Microsoft.Extensions.AI;

await using var gateway = Gateway.Create(build =>
    build.UseConfiguration("{}").LookForLocalServers(false).AddProvider("house", new Echo(), "echo")
);
var options = new CompletionOptions { Model = "house/echo" };
var reply = await gateway.CompleteAsync("Hello", options);
await foreach (var update in gateway.StreamAsync("Hello again", options))
    Console.Write(update.Delta);
Console.WriteLine();
var known = gateway.Models.Get("openai/gpt-4o-mini") is { } model ? model.Id : "nothing";
Console.WriteLine($"{reply.Provider}/{reply.Model}: {reply.Content}; the catalog knows {known}");
return reply.Content == "You said: Hello" ? 0 : 1;

internal sealed class Echo : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            new ChatResponse(
                new ChatMessage(ChatRole.Assistant, "You said: " + messages.Last().Text)
            )
        );

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation]
            CancellationToken cancellationToken = default
    )
    {
        var whole = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in whole.ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
