using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Conversations.Context;
using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman;

/// <summary>
/// Has older turns summarised by a model, through the gateway's own pipeline: the call has a usage record of its own, which carries the
/// execution id of the request that wanted it. What was summarised once is remembered, by a hash of the turns.
/// </summary>
internal sealed class GatewaySummaries(Gateway gateway) : ISummarizer
{
    private const int MostRemembered = 500;
    private const int MostTokens = 700;
    private const string CheapestFirst = "auto:cost_optimized";

    private const string Order = """
        Summarize the conversation below for a model that will carry it on and cannot see it. Keep every fact, name, number, decision,
        constraint, open question and promise; leave out greetings and what was taken back. Write plain notes in the language of the
        conversation, no more than 400 words, and nothing else.
        """;

    private readonly ConcurrentDictionary<string, ConversationSummary> _made = new(
        StringComparer.Ordinal
    );

    public async ValueTask<ConversationSummary?> SummarizeAsync(
        Exchange exchange,
        IReadOnlyList<Message> older,
        ContextPolicy policy,
        bool localOnly,
        IReadOnlyList<string>? regions
    )
    {
        if (regions is { Count: 0 })
            return null;
        var text = TextOf(older);
        var hash = HashOf(exchange.Caller, text, policy.SummaryModel, localOnly, regions);
        if (_made.TryGetValue(hash, out var remembered))
            return remembered;
        try
        {
            var reply = await gateway.CompleteAsync(
                // Not what the system says: in that a rule may have the last word.
                [Message.OfText(MessageRole.User, $"{Order}\n\n{text}")],
                new CompletionOptions
                {
                    Model = policy.SummaryModel ?? CheapestFirst,
                    MaxTokens = MostTokens,
                    TaskType = "summarization",
                    LocalOnly = localOnly ? true : null,
                    Regions = regions,
                    WorkspaceId = exchange.Wishes.WorkspaceId,
                    ExecutionId = exchange.Wishes.ExecutionId ?? exchange.Id.ToString(null, null),
                    // Whatever is said of whose requests these are holds for it too.
                    UserTier = exchange.Wishes.UserTier,
                    Tags = [.. exchange.Wishes.Tags, "summary"],
                    Context = ContextStrategy.Full,
                    // Whoever names a model for it named its price: no dearer one takes its place.
                    EnableFallback = policy.SummaryModel is null ? null : false,
                },
                exchange.Get<Caller>(),
                exchange.ClientGone
            );
            if (reply.Content.Length == 0)
                return null;
            if (_made.Count >= MostRemembered)
                _made.Clear();
            var summary = new ConversationSummary(
                reply.Content,
                reply.Id,
                reply.Provider + "/" + reply.Model
            );
            _made[hash] = summary with { IsRemembered = true };
            return summary;
        }
        catch (GatewayException)
        {
            // Its own record says why; the request goes on without.
            return null;
        }
    }

    private static string TextOf(IReadOnlyList<Message> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            text.Append('[').Append(message.Role.ToString().ToLowerInvariant()).Append("]\n");
            foreach (var part in message.Parts)
                Add(text, part);
            text.Append('\n');
        }
        return text.ToString();
    }

    private static void Add(StringBuilder text, Part part)
    {
        switch (part)
        {
            case TextPart said:
                text.Append(said.Text).Append('\n');
                break;
            case ToolCallPart call:
                text.Append("calls ")
                    .Append(call.Name)
                    .Append(' ')
                    .Append(call.Arguments.AsText())
                    .Append('\n');
                break;
            case ToolResultPart result:
                foreach (var inner in result.Content)
                    Add(text, inner);
                break;
            case ImagePart:
                text.Append("(an image)\n");
                break;
        }
    }

    private static string HashOf(
        string? caller,
        string text,
        string? model,
        bool localOnly,
        IReadOnlyList<string>? regions
    ) =>
        Convert.ToHexString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"{caller}\n{model}\n{localOnly}\n{string.Join(',', regions ?? [])}\n{text}"
                )
            )
        );
}
