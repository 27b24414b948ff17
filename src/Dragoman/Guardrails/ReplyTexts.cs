using Dragoman.Canonical;
using Dragoman.Guardrails.Text;

namespace Dragoman.Guardrails;

/// <summary>Every text of a whole answer, as <see cref="GuardedSink"/> judges it where it is streamed.</summary>
internal static class ReplyTexts
{
    /// <summary>The answer as the client may have it; null where it may not have it, for <paramref name="blockedBy"/>.</summary>
    public static ChatReply? Guard(
        ChatReply reply,
        IReadOnlyList<TextRule> rules,
        FindingCounts counts,
        out TextRule? blockedBy
    )
    {
        var texts = new GuardedTexts(rules, counts);
        var changes = rules.Any(static rule => rule.Action != GuardrailAction.Flag);
        var guarded = reply with
        {
            Choices = [.. reply.Choices.Select(choice => Guard(choice, texts, changes))],
            Citations = [.. reply.Citations.Select(citation => Guard(citation, texts))],
        };
        blockedBy = texts.BlockedBy;
        return blockedBy is null ? guarded : null;
    }

    private static ChatChoice Guard(ChatChoice choice, GuardedTexts texts, bool changes) =>
        choice with
        {
            Message = choice.Message with
            {
                Parts = [.. choice.Message.Parts.Select(part => Guard(part, texts))],
                Raw = changes ? [] : choice.Message.Raw,
            },
            LogProbs = changes ? default : choice.LogProbs,
        };

    private static Part Guard(Part part, GuardedTexts texts) =>
        part switch
        {
            TextPart text => text with { Text = texts.Prose(text.Text) },
            RefusalPart refusal => refusal with { Text = texts.Prose(refusal.Text) },
            ReasoningPart reasoning => reasoning with { Text = texts.Prose(reasoning.Text) },
            ToolCallPart call => texts.Arguments(call.Arguments) is { } masked
                ? call with
                {
                    Arguments = masked,
                }
                : call,
            RawPart raw => raw with { Json = texts.Json(raw.Json) },
            _ => part,
        };

    private static Citation Guard(Citation citation, GuardedTexts texts) =>
        citation with
        {
            Url = texts.Prose(citation.Url),
            Title = texts.Prose(citation.Title),
            Quote = texts.Prose(citation.Quote),
        };
}
