using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace CustomProvider;

/// <summary>Stands for any <see cref="IChatClient"/>: one that runs a model in this process, or wraps an API that speaks no known dialect.</summary>
internal sealed class EchoChatClient : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var said = messages.Last().Text;
        return Task.FromResult(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, $"You said: {said}"))
            {
                FinishReason = ChatFinishReason.Stop,
                Usage = new UsageDetails
                {
                    InputTokenCount = said.Length / 4,
                    OutputTokenCount = 3,
                },
            }
        );
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var word in $"You said: {messages.Last().Text}".Split(' '))
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, word + " ");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
        yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }
}
