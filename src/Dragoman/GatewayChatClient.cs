using System.Runtime.CompilerServices;
using Dragoman.Native;
using Dragoman.Native.ChatClients;
using Microsoft.Extensions.AI;

namespace Dragoman;

/// <summary>
/// The gateway as any <see cref="IChatClient"/>, so that what is built on Microsoft.Extensions.AI chooses, falls back and accounts.
/// Streamed tool calls come whole, as that library has it, sources come at the end, and of its options those for conversations kept
/// elsewhere and tools that are no functions are refused. What it has no word for is said by <see cref="CompletionOptions"/>: those the
/// client is made with, or those a <see cref="ChatOptions.RawRepresentationFactory"/> gives. The answer's own
/// <see cref="CompletionReply"/> is its <see cref="ChatResponse.RawRepresentation"/>. Failures are <see cref="GatewayException"/>.
/// </summary>
internal sealed class GatewayChatClient(Gateway gateway, CompletionOptions options) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("dragoman", null, options.Name);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        ChatResponses.Of(
            await gateway.CompleteAsync(
                ChatMessageReader.Read(messages),
                Merged(options),
                cancellationToken
            )
        );

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await using var call = await gateway.BeginAsync(
            ChatMessageReader.Read(messages),
            Merged(options),
            isStream: true,
            cancellationToken
        );
        await call.BeganAsync();
        var (id, model) = (call.Id.ToString(null, null), call.Header("x-dragoman-model"));
        var gathered = new ChatResponseUpdates(id);
        while (await call.ReadAsync(gathered))
        while (gathered.TryTake(out var content))
            yield return Update(content);
        var whole = await call.WholeAsync(gathered.Whole());
        var last = new ChatResponseUpdate(ChatRole.Assistant, ChatResponses.LastOf(whole))
        {
            ResponseId = id,
            MessageId = id,
            ModelId = whole.Provider + "/" + whole.Model,
            FinishReason = ChatResponses.FinishOf(whole.FinishReason),
            RawRepresentation = whole,
        };
        yield return last;

        ChatResponseUpdate Update(AIContent content) =>
            new(ChatRole.Assistant, [content])
            {
                ResponseId = id,
                MessageId = id,
                ModelId = model,
            };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(gateway) ? gateway
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    /// <summary>The gateway stays its maker's.</summary>
    public void Dispose() { }

    private CompletionOptions Merged(ChatOptions? said) =>
        ChatOptionsReader.Read(said, options, this);
}
