using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Conversations.Context;

/// <summary>Makes a summary of the older turns of a conversation, or remembers one that was made.</summary>
public interface ISummarizer
{
    /// <param name="exchange">The exchange that wants it.</param>
    /// <param name="older">The messages to be summarised, in order.</param>
    /// <param name="policy">Who summarises.</param>
    /// <param name="localOnly">Nothing may leave the house.</param>
    /// <param name="regions">Where it may be made, within the operator's bounds; null is anywhere there.</param>
    /// <returns>The summary; null where none could be had.</returns>
    ValueTask<ConversationSummary?> SummarizeAsync(
        Exchange exchange,
        IReadOnlyList<Message> older,
        ContextPolicy policy,
        bool localOnly,
        IReadOnlyList<string>? regions
    );
}

/// <summary>What is left of some turns.</summary>
/// <param name="Text">In words.</param>
/// <param name="RequestId">The exchange that made it, whose record tells what it cost.</param>
/// <param name="Model"><c>provider/model</c> that made it.</param>
/// <param name="IsRemembered">It was made for an earlier request.</param>
public sealed record ConversationSummary(
    string Text,
    string RequestId,
    string Model,
    bool IsRemembered = false
);
