using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Limits.Rates;

/// <summary>What a request will likely take of limits: its prompt by its size, and an answer as long as such answers usually are here.</summary>
internal static class ExpectedTokens
{
    /// <param name="exchange">The request.</param>
    /// <param name="lengths">How long answers are here.</param>
    /// <param name="deployment">Who is asked; null before that is known.</param>
    public static RateNeed Of(Exchange exchange, OutputLengths lengths, Deployment? deployment)
    {
        if (exchange.Operation == Operation.CountTokens)
            return new RateNeed(1, 0, 0);
        var size = RequestSize.Roughly(exchange.Envelope);
        if (exchange.Operation != Operation.Chat)
            return new RateNeed(1, size.PromptTokens, 0);
        var reasons = deployment?.Capabilities.Reasoning is true;
        var task = TaskNames.Find(exchange.Wishes.TaskType);
        var answer = Math.Min(
            lengths.Of(task, reasons, UsualAnswers.Of(task, reasons)),
            Math.Min(size.MaxTokens ?? long.MaxValue, deployment?.MaxOutput ?? long.MaxValue)
        );
        return new RateNeed(1, size.PromptTokens, answer * size.Choices);
    }
}
