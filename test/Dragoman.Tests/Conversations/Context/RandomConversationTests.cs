using Dragoman.Canonical;
using Dragoman.Conversations.Context;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Conversations.Context;

/// <summary>What holds of every window, over conversations made at random.</summary>
public sealed class RandomConversationTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LeftOut_AnyConversation_KeepsWholeTurnsAndTheSystem(int seed)
    {
        var (messages, most) = Made(seed);

        var left = ConversationWindow.LeftOut(messages, [], most);

        left.ShouldBe(left.Order());
        foreach (var place in left)
            messages[place].Role.ShouldNotBe(MessageRole.System);
        var kept = Enumerable.Range(0, messages.Count).Except(left).ToList();
        kept.ShouldContain(messages.Count - 1);
        // A call stays with its result, and an answer with its question: none of it stands without what stood before it.
        foreach (var place in kept)
            if (messages[place].Role is MessageRole.Assistant or MessageRole.Tool)
                kept.ShouldContain(place - 1);
        foreach (var place in left)
            if (
                place + 1 < messages.Count
                && messages[place + 1].Role is MessageRole.Assistant or MessageRole.Tool
            )
                left.ShouldContain(place + 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LeftOut_AnyConversation_HoldsTheBudgetAndWastesNoTurnThatFits(int seed)
    {
        var (messages, most) = Made(seed);

        var left = ConversationWindow.LeftOut(messages, [], most);

        var kept = messages.Where((_, place) => !left.Contains(place)).ToList();
        var turns = kept.Count(static message => message.Role == MessageRole.User);
        if (turns > 1)
            ConversationWindow.TokensOf(kept).ShouldBeLessThanOrEqualTo(most);
        if (left.Count == 0)
            return;
        // The newest that was left out would have been one too many.
        var next = left.Last(place => messages[place].Role == MessageRole.User);
        var with = messages.Where((_, place) => !left.Contains(place) || place >= next).ToList();
        ConversationWindow.TokensOf(with).ShouldBeGreaterThan(most);
        // And what was left out is the oldest.
        left.ShouldAllBe(place =>
            place < messages.Count - kept.Count(message => message.Role != MessageRole.System)
        );
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LeftOut_APinnedMessage_StaysWithItsTurn(int seed)
    {
        var (messages, most) = Made(seed);
        var spoken = messages.Where(static m => m.Role != MessageRole.System).ToList();
        var number = new Random(seed).Next(spoken.Count);

        var left = ConversationWindow.LeftOut(messages, [number, 10_000], most);

        var pinned = messages.IndexOf(spoken[number]);
        left.ShouldNotContain(pinned);
        for (var place = pinned; messages[place].Role != MessageRole.User; place--)
            left.ShouldNotContain(place - 1);
    }

    [Fact]
    public void LeftOut_ToolResultsInTheUsersName_AreNoTurnOfTheirOwn()
    {
        List<Message> messages =
        [
            Said(MessageRole.User, 500),
            Called(),
            // As Anthropic's dialect has them.
            Message.OfToolResult("call", "sunny") with
            {
                Role = MessageRole.User,
            },
            Said(MessageRole.Assistant, 5),
        ];

        ConversationWindow.LeftOut(messages, [], 50).ShouldBeEmpty();
    }

    [Fact]
    public void LeftOut_TheSystemAlone_IsEmpty() =>
        ConversationWindow.LeftOut([Said(MessageRole.System, 90)], [0], 1).ShouldBeEmpty();

    [Fact]
    public void TokensOf_TextThatIsEscapedWhole_IsThatOfItsLetters()
    {
        var plain = new Message(
            MessageRole.User,
            [new TextPart(JsonText.FromEscaped("用简单的语言解释"u8.ToArray()))]
        );
        var escaped = new Message(
            MessageRole.User,
            [
                new TextPart(
                    JsonText.FromEscaped(
                        """\u7528\u7b80\u5355\u7684\u8bed\u8a00\u89e3\u91ca"""u8.ToArray()
                    )
                ),
            ]
        );

        ConversationWindow.TokensOf([escaped]).ShouldBe(ConversationWindow.TokensOf([plain]));
    }

    private static (List<Message> Messages, long Most) Made(int seed)
    {
        var random = new Random(seed);
        List<Message> messages = [];
        if (random.Next(3) > 0)
            messages.Add(Said(MessageRole.System, random.Next(1, 40)));
        for (var turn = random.Next(1, 15); turn > 0; turn--)
        {
            messages.Add(Said(MessageRole.User, random.Next(1, 200)));
            for (var calls = random.Next(3); calls > 0; calls--)
            {
                messages.Add(Called());
                messages.Add(Message.OfToolResult("call", Words(random.Next(1, 100))));
            }
            if (turn > 1 || random.Next(2) == 0)
                messages.Add(Said(MessageRole.Assistant, random.Next(1, 200)));
        }
        return (messages, random.Next(50, 2_500));
    }

    private static Message Called() =>
        new(
            MessageRole.Assistant,
            [
                new ToolCallPart(
                    JsonText.Of("get_weather"),
                    ToolArguments.FromText(JsonText.Of("{\"city\":\"Paris\"}"))
                )
                {
                    Id = JsonText.Of("call"),
                },
            ]
        );

    private static Message Said(MessageRole role, int words) => Message.OfText(role, Words(words));

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("river", count));
}
