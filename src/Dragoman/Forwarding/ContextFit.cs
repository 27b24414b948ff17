using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Conversations.Context;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Forwarding;

/// <summary>How much of a conversation a deployment is sent where it may be shortened.</summary>
internal static class ContextFit
{
    /// <summary>Our count errs by some 7 to 12 %, where it is worst by more: so much of the room is used.</summary>
    private const double Margin = 0.88;

    /// <summary>Room for the answer where the client does not say how long it may be.</summary>
    private const long UsualAnswer = 4_096;

    /// <summary>Tokens that the prompt may have; null is without limit, as far as anybody knows.</summary>
    public static long? Budget(
        RequestEnvelope envelope,
        Deployment deployment,
        ContextPolicy policy
    )
    {
        long? room = null;
        if (deployment.ContextWindow is { } context)
        {
            var answer =
                envelope.MaxTokens > 0
                    ? envelope.MaxTokens
                    : Math.Min(
                        Math.Min(deployment.MaxOutput ?? UsualAnswer, UsualAnswer),
                        context / 4
                    );
            room = Math.Max(1, (long)((context - answer) * Margin));
        }
        return policy.MaxTokens is { } most ? Math.Min(most, room ?? long.MaxValue) : room;
    }

    /// <summary>The prompt is longer than that, by our count.</summary>
    public static bool IsTooLong(RequestEnvelope envelope, ChatRequest? chat, long budget) =>
        // No token is shorter than a byte; a conversation that is recalled does not stand in the envelope.
        (
            envelope.PromptBytes > budget
            || chat is { } whole && whole.Messages.Count > envelope.MessageCount
        )
        && chat is not null
        && Tokens(chat) > budget;

    /// <summary>Tokens of the conversation with its tools.</summary>
    public static long Tokens(ChatRequest chat) =>
        ConversationWindow.TokensOf(chat.Messages) + ToolTokens(chat);

    public static long ToolTokens(ChatRequest chat)
    {
        var estimate = new TokenEstimate();
        foreach (var tool in chat.Tools)
            switch (tool)
            {
                case FunctionTool function:
                    estimate.Add(function.Name.Escaped.Span);
                    if (function.Description is { } description)
                        estimate.Add(description.Escaped.Span);
                    estimate.Add(function.Parameters.Utf8.Span);
                    break;
                case RawTool raw:
                    estimate.Add(raw.Json.Utf8.Span);
                    break;
            }
        return estimate.Tokens;
    }
}
