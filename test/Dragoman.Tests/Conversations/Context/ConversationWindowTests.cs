using Dragoman.Canonical;
using Dragoman.Conversations.Context;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Conversations.Context;

/// <summary>What is left of a conversation that is too long.</summary>
public sealed class ConversationWindowTests
{
    [Fact]
    public void LeftOut_WhatFits_IsNothing()
    {
        var messages = Conversation(new Random(1), turns: 3);

        ConversationWindow.LeftOut(messages, [], 1_000_000).ShouldBeEmpty();
    }

    [Fact]
    public void LeftOut_OfAnyConversation_LeavesWholeTurnsTheSystemAndWhatIsPinned()
    {
        var chance = new Random(20_261_125);
        var shortened = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var messages = Conversation(chance, chance.Next(1, 15));
            var most = chance.Next(20, 1_500);
            int[] pinned = chance.Next(3) == 0 ? [chance.Next(messages.Count)] : [];

            var left = ConversationWindow.LeftOut(messages, pinned, most);

            var kept = Enumerable.Range(0, messages.Count).Except(left).ToList();
            shortened += left.Count > 0 ? 1 : 0;
            left.ShouldBe(left.Order());
            kept.ShouldContain(messages.Count - 1);
            foreach (var pin in pinned)
                kept.ShouldContain(pin);
            for (var i = 0; i < messages.Count; i++)
                if (messages[i].Role == MessageRole.System)
                    kept.ShouldContain(i);
            // No answer without its question, no result without its call, and the other way round.
            foreach (var (start, end) in Turns(messages))
                kept.Count(i => i >= start && i < end).ShouldBeOneOf(0, end - start);
            // What is left out would not have fitted: the turn before the oldest that stays unpinned.
            var tokens = ConversationWindow.TokensOf(kept.Select(i => messages[i]));
            var newest = Turns(messages)[^1];
            var needed = ConversationWindow.TokensOf(
                kept.Where(i =>
                        messages[i].Role == MessageRole.System
                        || i >= newest.Start
                        || pinned.Any(pin => InOneTurn(messages, pin, i))
                    )
                    .Select(i => messages[i])
            );
            tokens.ShouldBeLessThanOrEqualTo(Math.Max(most, needed));
        }
        shortened.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void LeftOut_TurnsThatAreWanted_StayThoughTheyAreTooLong()
    {
        var messages = Conversation(new Random(7), turns: 9);

        var left = ConversationWindow.LeftOut(messages, [], most: 1, leastTurns: 3);

        var turns = Turns(messages);
        var oldest = turns[^3].Start;
        left.ShouldAllBe(i => i < oldest);
        left.Count.ShouldBe(turns[^3].Start - messages.Count(m => m.Role == MessageRole.System));
    }

    private static bool InOneTurn(IReadOnlyList<Message> messages, int one, int other) =>
        Turns(messages)
            .Any(turn =>
                one >= turn.Start && one < turn.End && other >= turn.Start && other < turn.End
            );

    private static List<(int Start, int End)> Turns(IReadOnlyList<Message> messages)
    {
        var starts = Enumerable
            .Range(0, messages.Count)
            .Where(i =>
                messages[i].Role == MessageRole.User
                && (i == 0 || messages[i - 1].Role != MessageRole.User)
            )
            .Append(messages.Count)
            .ToList();
        return [.. starts.Zip(starts.Skip(1))];
    }

    private static List<Message> Conversation(Random chance, int turns)
    {
        var messages = new List<Message>();
        if (chance.Next(2) == 0)
            messages.Add(Message.OfText(MessageRole.System, "Be kind."));
        for (var turn = 0; turn < turns; turn++)
        {
            for (var i = chance.Next(1, 3); i > 0; i--)
                messages.Add(Message.OfText(MessageRole.User, Words(chance)));
            for (var call = chance.Next(3); call > 0; call--)
            {
                messages.Add(
                    new Message(
                        MessageRole.Assistant,
                        [
                            new ToolCallPart(
                                JsonText.Of("look"),
                                ToolArguments.FromText(JsonText.Of("{\"at\":\"it\"}"))
                            )
                            {
                                Id = JsonText.Of($"call_{turn}_{call}"),
                            },
                        ]
                    )
                );
                messages.Add(Message.OfToolResult($"call_{turn}_{call}", Words(chance)));
            }
            if (turn < turns - 1)
                messages.Add(Message.OfText(MessageRole.Assistant, Words(chance)));
        }
        return messages;
    }

    private static string Words(Random chance) =>
        string.Join(' ', Enumerable.Repeat("harbour", chance.Next(1, 120)));
}
