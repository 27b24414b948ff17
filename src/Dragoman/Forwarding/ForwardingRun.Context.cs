using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Conversations.Context;
using Dragoman.Exchanges;

namespace Dragoman.Forwarding;

/// <content>Conversations that are longer than a deployment can hold, or than somebody wants them.</content>
internal sealed partial class ForwardingRun
{
    /// <summary>Tokens that a summary may have, and that are kept free for it.</summary>
    private const int SummaryRoom = 900;

    private const int UsualKeptTurns = 4;

    /// <summary>Leaves out of the conversation what does not fit, as the decision has it; what was done is named.</summary>
    private async ValueTask ShortenAsync(Deployment deployment)
    {
        _translation!.Shortened = null;
        if (
            _decision.Shaping is not { MayShorten: true, Context: { } policy } shaping
            || _translation.Chat is not { } chat
            || ContextFit.Budget(_exchange.Envelope, deployment, shaping) is not { } budget
            || !ContextFit.IsTooLong(_exchange.Envelope, chat, budget)
        )
            return;
        var most = budget - ContextFit.ToolTokens(chat);
        var summarizer =
            policy.Strategy == ContextStrategy.Summarized
            // What a summary costs is not known before it is made: within a limit of money there is none.
            && _decision.Limit is null
                ? _forwarder.Summarizer
                : null;
        var left = ConversationWindow.LeftOut(
            chat.Messages,
            _exchange.Wishes.Pinned,
            summarizer is null ? most : most - SummaryRoom,
            summarizer is null ? 1 : Math.Max(1, policy.KeepTurns ?? UsualKeptTurns)
        );
        // A configured budget may be exceeded for the turns to be kept; what the deployment can hold may not.
        if (
            summarizer is not null
            && ContextFit.Room(_exchange.Envelope, deployment, shaping) is { } room
            && Kept(chat.Messages, left) > room - ContextFit.ToolTokens(chat) - SummaryRoom
        )
            left = ConversationWindow.LeftOut(
                chat.Messages,
                _exchange.Wishes.Pinned,
                most - SummaryRoom
            );
        if (left.Count == 0)
            return;
        var summary = summarizer is null
            ? null
            : await summarizer.SummarizeAsync(
                _exchange,
                [.. left.Select(place => chat.Messages[place])],
                policy,
                // Who is asked in the house keeps the conversation there, unless somebody named who summarises.
                _decision.LocalOnly || (deployment.Local && policy.SummaryModel is null),
                _decision.Regions.OfRequest
            );
        if (summarizer is not null && summary is null)
            // No summary is to be had: then at least as many turns as fit.
            left = ConversationWindow.LeftOut(chat.Messages, _exchange.Wishes.Pinned, most);
        _translation.Shortened = chat with { Messages = Without(chat.Messages, left, summary) };
        _exchange.Log.Change(Told(left.Count, chat.Messages.Count, policy, summary));
    }

    private static long Kept(IReadOnlyList<Message> messages, IReadOnlyList<int> left) =>
        ConversationWindow.TokensOf(messages)
        - ConversationWindow.TokensOf(left.Select(place => messages[place]));

    private static IReadOnlyList<Message> Without(
        IReadOnlyList<Message> messages,
        IReadOnlyList<int> left,
        ConversationSummary? summary
    )
    {
        var gone = left.ToHashSet();
        var kept = new List<Message>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
            if (!gone.Contains(i))
                kept.Add(messages[i]);
        return summary is null
            ? kept
            : SystemWords.Behind(
                kept,
                "Summary of the earlier part of this conversation:\n" + summary.Text
            );
    }

    private static string Told(
        int left,
        int all,
        ContextPolicy policy,
        ConversationSummary? summary
    ) =>
        summary is not null
            ? FormattableString.Invariant(
                $"context:summarized ({left} of {all} messages by {summary.Model}{(summary.IsRemembered ? ", remembered" : "")}, {summary.RequestId})"
            )
        : policy.Strategy == ContextStrategy.Summarized
            ? FormattableString.Invariant(
                $"context:windowed ({left} of {all} messages left out, no summary was to be had)"
            )
        : FormattableString.Invariant($"context:windowed ({left} of {all} messages left out)");
}
