using Dragoman.Canonical;

namespace Dragoman.Forwarding;

/// <summary>
/// Puts words into what the system says. They join the client's own system message, since the chat templates of many open models refuse
/// a second one, and one that does not come first.
/// </summary>
internal static class SystemWords
{
    private static readonly JsonText Gap = JsonText.Of("\n\n");

    /// <summary>The words, and behind them the client's own.</summary>
    public static IReadOnlyList<Message> Before(IReadOnlyList<Message> messages, string words) =>
        Join(messages, JsonText.Of(words), isFirst: true);

    /// <summary>The client's own, and behind them the words.</summary>
    public static IReadOnlyList<Message> Behind(IReadOnlyList<Message> messages, string words) =>
        Join(messages, JsonText.Of(words), isFirst: false);

    private static IReadOnlyList<Message> Join(
        IReadOnlyList<Message> messages,
        JsonText words,
        bool isFirst
    )
    {
        if (messages is not [{ Role: MessageRole.System or MessageRole.Developer } own, ..])
            return
            [
                new Message(MessageRole.System, [new TextPart(words)]) { IsBareText = true },
                .. messages,
            ];
        var joined = own switch
        {
            { IsBareText: true, Parts: [TextPart text] } => own with
            {
                Parts =
                [
                    text with
                    {
                        Text = JsonText.Join(
                            isFirst ? [words, Gap, text.Text] : [text.Text, Gap, words]
                        ),
                    },
                ],
            },
            _ => own with
            {
                Parts = isFirst
                    ? [new TextPart(words), .. own.Parts]
                    : [.. own.Parts, new TextPart(words)],
            },
        };
        return [joined, .. messages.Skip(1)];
    }
}
