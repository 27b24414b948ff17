using System.Diagnostics.CodeAnalysis;
using Dragoman.Canonical;

namespace Dragoman.Native;

/// <summary>Makes the events of a stream the updates a caller takes, and gathers the whole answer meanwhile.</summary>
internal sealed class CompletionUpdates : IChatEventSink
{
    private readonly Queue<CompletionUpdate> _waiting = [];
    private readonly ChatReplyBuilder _whole = new();

    public bool TryTake([MaybeNullWhen(false)] out CompletionUpdate update) =>
        _waiting.TryDequeue(out update);

    public ChatReply Whole() => _whole.Build();

    public void Take(in ChatEvent chatEvent)
    {
        _whole.Take(chatEvent);
        // Of several answers the whole one tells all; a stream of updates tells the first.
        if (chatEvent.Choice != 0)
            return;
        var update = chatEvent.Kind switch
        {
            ChatEventKind.TextDelta => new CompletionUpdate
            {
                Delta = JsonUnescape.ToText(chatEvent.Text),
            },
            ChatEventKind.ReasoningDelta => new CompletionUpdate
            {
                Reasoning = JsonUnescape.ToText(chatEvent.Text),
            },
            ChatEventKind.ToolCallStart => new CompletionUpdate
            {
                ToolCall = new ToolCallDelta(
                    chatEvent.ToolCall,
                    chatEvent.Id.IsEmpty ? null : JsonUnescape.ToText(chatEvent.Id),
                    JsonUnescape.ToText(chatEvent.Name),
                    null
                ),
            },
            ChatEventKind.ToolArgumentDelta => new CompletionUpdate
            {
                ToolCall = new ToolCallDelta(
                    chatEvent.ToolCall,
                    null,
                    null,
                    JsonUnescape.ToText(chatEvent.Text)
                ),
            },
            _ => null,
        };
        if (update is not null)
            _waiting.Enqueue(update);
    }
}
