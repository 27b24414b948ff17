using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Routing;

/// <summary>
/// What a request will cost and take, before it is made: its prompt as we estimate it, and an answer as long as the client allows,
/// or of a usual length where it does not say. Images, sound and what a cache spares are not in it.
/// </summary>
internal sealed class CostEstimate(RequestSize size, Operation operation, DateOnly day)
{
    /// <summary>A middling answer.</summary>
    private const int UsualAnswer = 500;

    /// <summary>Models that reason think before they answer, and that is billed as their answer is.</summary>
    private const int ReasonedAnswer = 2_000;

    /// <summary>Of a reasoning model's tokens, those that are thought: three of four.</summary>
    private const int ThoughtQuarters = 3;

    private TokenUsage? _plain;
    private TokenUsage? _thinking;

    public RequestSize Size => size;

    /// <summary>Tokens of one answer, thoughts included.</summary>
    public long AnswerTokens(Deployment deployment)
    {
        if (operation is Operation.Embeddings)
            return 0;
        var wanted =
            size.MaxTokens
            ?? deployment.Parameters?.MaxTokens
            ?? (Reasons(deployment) ? ReasonedAnswer : UsualAnswer);
        return Math.Min(wanted, deployment.MaxOutput ?? long.MaxValue);
    }

    /// <summary>US dollars; null where a price it needs is unknown.</summary>
    public decimal? Of(Deployment deployment) =>
        deployment.Prices is { } prices
            ? Cost.Of(Usage(deployment), prices.On(day)) is { } cost
                ? cost.Usd
                : null
            : null;

    /// <summary>Until the whole answer is there; null where its speed is unknown.</summary>
    public TimeSpan? TimeOf(Deployment deployment, StartingLatency? speed) =>
        speed?.For((int)Math.Min(AnswerTokens(deployment), int.MaxValue));

    private TokenUsage Usage(Deployment deployment)
    {
        var (output, reasons) = (AnswerTokens(deployment) * size.Choices, Reasons(deployment));
        // Most are one of two: those that think, and those that do not.
        ref var usage = ref reasons ? ref _thinking : ref _plain;
        if (usage is not null && usage.TotalOutput == output)
            return usage;
        var thought = reasons ? output * ThoughtQuarters / 4 : 0;
        return usage = new TokenUsage
        {
            Input = size.PromptTokens,
            Output = output - thought,
            Reasoning = thought,
            Estimated = true,
        };
    }

    private static bool Reasons(Deployment deployment) => deployment.Capabilities.Reasoning is true;
}
