using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Routing;

/// <summary>
/// What a request will cost and take, before it is made: its prompt as we estimate it, and an answer. Images and sound are not in it.
/// </summary>
/// <param name="size">How much is asked.</param>
/// <param name="operation">What is asked.</param>
/// <param name="day">Prices are those of this day.</param>
internal sealed class CostEstimate(RequestSize size, Operation operation, DateOnly day)
{
    /// <summary>Of a reasoning model's tokens, those that are thought: three of four.</summary>
    private const int ThoughtQuarters = 3;

    /// <summary>One request's deployments share few lengths of answer.</summary>
    private readonly Dictionary<
        (long Prompt, long Output, bool Reasons, long Held),
        TokenUsage
    > _usages = [];

    public RequestSize Size => size;

    /// <summary>The task that the answer's likely length is taken from; null is any.</summary>
    public string? Task { get; init; }

    /// <summary>
    /// The answer is as long as the client allows, or of a usual length where it does not say: for limits. Else it is as long as
    /// answers to such tasks usually are here, if the client allows that.
    /// </summary>
    public bool IsForLimit { get; init; }

    /// <summary>The request has words of the system's: a deployment's own are not put before it.</summary>
    public bool HasSystemWords { get; init; }

    /// <summary>Tokens of one answer, thoughts included.</summary>
    public long AnswerTokens(Deployment deployment)
    {
        if (operation is Operation.Embeddings)
            return 0;
        var reasons = Reasons(deployment);
        var usual = UsualAnswers.Of(Task, reasons);
        var most = size.MaxTokens ?? deployment.Parameters?.MaxTokens;
        var likely = IsForLimit ? most ?? usual : deployment.State.Lengths.Of(Task, reasons, usual);
        return Math.Min(
            Math.Min(likely, most ?? long.MaxValue),
            deployment.MaxOutput ?? long.MaxValue
        );
    }

    /// <summary>US dollars; null where a price it needs is unknown.</summary>
    /// <param name="deployment">Who would be asked.</param>
    /// <param name="held">Tokens of the prompt that its provider's cache holds.</param>
    public decimal? Of(Deployment deployment, long held = 0) =>
        deployment.Prices is { } prices ? Of(prices, deployment, held) : null;

    /// <summary>The same at other prices.</summary>
    public decimal? Of(PriceSheet prices, Deployment deployment, long held = 0) =>
        Cost.Of(
            Usage(
                PromptTokens(deployment),
                AnswerTokens(deployment) * size.Choices,
                Reasons(deployment),
                held
            ),
            prices.On(day)
        )
            is { } cost
            ? cost.Usd
            : null;

    /// <summary>Until the whole answer is there; null where its speed is unknown.</summary>
    public TimeSpan? TimeOf(Deployment deployment, StartingLatency? speed) =>
        speed?.For((int)Math.Min(AnswerTokens(deployment), int.MaxValue));

    private long PromptTokens(Deployment deployment) =>
        size.PromptTokens
        + (
            HasSystemWords || operation is Operation.Embeddings
                ? 0
                : deployment.Parameters?.SystemPromptTokens ?? 0
        );

    private TokenUsage Usage(long prompt, long output, bool reasons, long held)
    {
        held = Math.Min(held, prompt);
        if (_usages.TryGetValue((prompt, output, reasons, held), out var usage))
            return usage;
        var thought = reasons ? output * ThoughtQuarters / 4 : 0;
        return _usages[(prompt, output, reasons, held)] = new TokenUsage
        {
            Input = prompt - held,
            CacheRead = held,
            Output = output - thought,
            Reasoning = thought,
            Estimated = true,
        };
    }

    private static bool Reasons(Deployment deployment) => deployment.Capabilities.Reasoning is true;
}
