using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Conversations.Context;

/// <summary>
/// The part of a conversation that fits into so many tokens: what the system says and what is pinned, and of the turns the newest.
/// A turn begins where the user speaks, and is kept or left whole: no answer without its question, no tool's result without its call.
/// </summary>
internal static class ConversationWindow
{
    /// <summary>OpenAI's published figure for what roles and framing add to a message (cookbook "How to count tokens", seen 2026-11).</summary>
    private const int TokensPerMessage = 3;

    /// <param name="messages">The conversation, its newest message last.</param>
    /// <param name="pinned">Messages that stay in any case with their turns, by their number among those that are not the system's.</param>
    /// <param name="most">Tokens that the messages may have together.</param>
    /// <param name="leastTurns">So many turns stay even where they are too long; at least the newest does.</param>
    /// <returns>The places of those that are left out, in order; empty where all fit.</returns>
    public static IReadOnlyList<int> LeftOut(
        IReadOnlyList<Message> messages,
        IReadOnlyList<int> pinned,
        long most,
        int leastTurns = 1
    )
    {
        var turns = Turns(messages);
        var left = most;
        var tokens = new long[messages.Count];
        for (var i = 0; i < messages.Count; i++)
            if (turns[i] < 0)
                left -= TokensOf(messages[i]);
            else
                tokens[turns[i]] += TokensOf(messages[i]);
        // Some dialects say the system's part beside the messages, others among them: it is not counted in either.
        int[] spoken = [.. turns.Where(static turn => turn >= 0)];
        var stays = new HashSet<int>();
        foreach (var place in pinned)
            if (place < spoken.Length && stays.Add(spoken[place]))
                left -= tokens[spoken[place]];
        var newest = spoken is [.., var last] ? last : -1;
        for (var turn = newest; turn >= 0; turn--)
        {
            if (stays.Contains(turn))
                continue;
            if (tokens[turn] > left && newest - turn >= leastTurns)
                break;
            left -= tokens[turn];
            stays.Add(turn);
        }
        return
        [
            .. Enumerable
                .Range(0, messages.Count)
                .Where(i => turns[i] >= 0 && !stays.Contains(turns[i])),
        ];
    }

    /// <summary>Tokens of some messages, by our estimate; images and other data are not counted.</summary>
    public static long TokensOf(IEnumerable<Message> messages) => messages.Sum(TokensOf);

    /// <summary>The number of the turn that each message belongs to, from 0; -1 for what the system says, which belongs to none.</summary>
    private static int[] Turns(IReadOnlyList<Message> messages)
    {
        var turns = new int[messages.Count];
        var turn = -1;
        var wasUser = false;
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role is MessageRole.System or MessageRole.Developer)
            {
                turns[i] = -1;
                continue;
            }
            // Results of tools that come in the user's name answer the turn's own calls.
            var isUser =
                messages[i].Role == MessageRole.User
                && !messages[i].Parts.Any(static part => part is ToolResultPart);
            if ((isUser && !wasUser) || turn < 0)
                turn++;
            wasUser = isUser;
            turns[i] = turn;
        }
        return turns;
    }

    private static long TokensOf(Message message)
    {
        var estimate = new TokenEstimate();
        Add(ref estimate, message.Parts);
        return estimate.Tokens + TokensPerMessage;
    }

    /// <summary>Adds a text as the model reads it: some clients escape every letter that is not ASCII.</summary>
    private static void Add(ref TokenEstimate estimate, JsonText text)
    {
        if (text.Escaped.Span.Contains((byte)'\\'))
            estimate.Add(Encoding.UTF8.GetBytes(text.ToString()));
        else
            estimate.Add(text.Escaped.Span);
    }

    private static void Add(ref TokenEstimate estimate, IReadOnlyList<Part> parts)
    {
        foreach (var part in parts)
            switch (part)
            {
                case TextPart text:
                    Add(ref estimate, text.Text);
                    break;
                case ReasoningPart { Text: { } thought }:
                    Add(ref estimate, thought);
                    break;
                case RefusalPart refusal:
                    Add(ref estimate, refusal.Text);
                    break;
                case ToolCallPart call:
                    Add(ref estimate, call.Name);
                    Add(ref estimate, call.Arguments.AsText());
                    break;
                case ToolResultPart result:
                    Add(ref estimate, result.Content);
                    break;
            }
    }
}
