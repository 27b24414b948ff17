using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Conversations.Context;
using Dragoman.Dialects;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>How much of a conversation a deployment is sent where it may be shortened.</summary>
internal static class ContextFit
{
    /// <summary>Our count errs by some 7 to 12 %, where it is worst by more: so much of the room is used.</summary>
    private const double Margin = 0.88;

    /// <summary>Room for the answer where the client does not say how long it may be.</summary>
    private const long UsualAnswer = 4_096;

    /// <summary>Tokens that the client's prompt may have; null is without limit, as far as anybody knows.</summary>
    public static long? Budget(
        RequestEnvelope envelope,
        Deployment deployment,
        RequestShaping shaping
    )
    {
        var room = Room(envelope, deployment, shaping);
        return shaping.Context?.MaxTokens is { } most
            ? Math.Min(Math.Max(1, most - WordsAhead(shaping)), room ?? long.MaxValue)
            : room;
    }

    /// <summary>Tokens of the client's prompt that the deployment can hold; null where nobody knows.</summary>
    public static long? Room(
        RequestEnvelope envelope,
        Deployment deployment,
        RequestShaping shaping
    ) =>
        deployment.ContextWindow is { } context
            ? Math.Max(
                1,
                (long)((context - Answer(envelope, deployment, shaping, context)) * Margin)
                    - WordsAhead(shaping)
            )
            : null;

    /// <summary>Tokens of what is put before the client's own words.</summary>
    private static long WordsAhead(RequestShaping shaping) =>
        TokensOf(shaping.SystemPrompt) + TokensOf(shaping.Overrides?.SystemPrompt);

    private static long TokensOf(string? words) =>
        words is null ? 0 : TokenEstimate.OfText(Encoding.UTF8.GetBytes(words));

    /// <summary>What the answer may have, by whoever has the last word on it.</summary>
    private static long Answer(
        RequestEnvelope envelope,
        Deployment deployment,
        RequestShaping shaping,
        long context
    )
    {
        long? said =
            shaping.Overrides?.MaxTokens
            ?? (envelope.MaxTokens > 0 ? (long?)envelope.MaxTokens : null)
            ?? shaping.Defaults?.MaxTokens
            ?? deployment.Parameters?.MaxTokens;
        return said
            ?? Math.Min(Math.Min(deployment.MaxOutput ?? UsualAnswer, UsualAnswer), context / 4);
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
