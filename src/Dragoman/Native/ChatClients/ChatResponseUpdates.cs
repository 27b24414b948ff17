using System.Diagnostics.CodeAnalysis;
using Dragoman.Canonical;
using Microsoft.Extensions.AI;

namespace Dragoman.Native.ChatClients;

/// <summary>
/// Makes the events of a stream updates of Microsoft.Extensions.AI, and gathers the whole answer meanwhile. Text and reasoning go
/// on at once; a tool call goes on whole, when something else follows it.
/// </summary>
internal sealed class ChatResponseUpdates(string request) : IChatEventSink
{
    private readonly Queue<AIContent> _waiting = [];
    private readonly ChatReplyBuilder _whole = new();
    private int _begun;
    private int _given;
    private bool _isRefused;

    public bool TryTake([MaybeNullWhen(false)] out AIContent content) =>
        _waiting.TryDequeue(out content);

    public ChatReply Whole() => _whole.Build();

    public void Take(in ChatEvent chatEvent)
    {
        _whole.Take(chatEvent);
        if (chatEvent.Choice != 0)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.TextDelta:
                Give(new TextContent(JsonUnescape.ToText(chatEvent.Text)));
                break;
            case ChatEventKind.ReasoningDelta:
                Give(new TextReasoningContent(JsonUnescape.ToText(chatEvent.Text)));
                break;
            case ChatEventKind.ReasoningSignature or ChatEventKind.RedactedReasoning:
                Give(Signature(chatEvent));
                break;
            case ChatEventKind.ToolCallStart:
                _begun++;
                break;
            case ChatEventKind.RefusalDelta:
                _isRefused = true;
                break;
            case ChatEventKind.Stop:
                GiveCalls();
                GiveRefusal();
                break;
        }
    }

    private static TextReasoningContent Signature(in ChatEvent chatEvent) =>
        new("")
        {
            ProtectedData = ChatClientSignatures.Show(
                JsonText.FromEscaped(chatEvent.Text.ToArray()),
                chatEvent.Dialect,
                chatEvent.Kind is ChatEventKind.RedactedReasoning
            ),
        };

    private void Give(AIContent content)
    {
        GiveCalls();
        _waiting.Enqueue(content);
    }

    /// <summary>Calls whose arguments are all there by now.</summary>
    private void GiveCalls()
    {
        // Nothing is built where no call has begun: this runs for each delta.
        if (_given == _begun)
            return;
        foreach (var call in Parts().OfType<ToolCallPart>().Skip(_given))
            _waiting.Enqueue(ChatResponses.ContentOf(call, request, _given++)!);
    }

    /// <summary>Whole: pieces of it would be as many errors.</summary>
    private void GiveRefusal()
    {
        if (!_isRefused)
            return;
        var texts = Parts().OfType<RefusalPart>().Select(static refusal => refusal.Text);
        _waiting.Enqueue(ChatResponses.RefusalOf(string.Concat(texts)));
    }

    private IReadOnlyList<Part> Parts() => _whole.Build().Choices[0].Message.Parts;
}
