using Dragoman.Exchanges;
using Dragoman.Usage;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>One line for each exchange, for those who ask for it: names, counts and times, never content or keys.</summary>
internal sealed partial class RequestLog(ILogger<RequestLog> logger)
{
    public void Observe(UsageRecord record) =>
        Log.Answered(
            logger,
            record.Id,
            record.Operation,
            record.Route,
            record.Deployment,
            record.Status,
            record.Outcome,
            record.Attempts.Count,
            (long)record.Total.TotalMilliseconds,
            record.Usage?.TotalInput,
            record.Usage?.TotalOutput,
            record.CostNanoUsd is { } cost
                ? FormattableString.Invariant($"{cost / 1e9:0.#########} USD")
                : "unknown"
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "{Id} {Operation} {Route} -> {Deployment}: {Status} {Outcome}, attempts {Attempts}, {Milliseconds} ms, tokens {InputTokens} in {OutputTokens} out, cost {Cost}"
        )]
        public static partial void Answered(
            ILogger logger,
            RequestId id,
            string operation,
            string? route,
            string? deployment,
            int status,
            ExchangeOutcome outcome,
            int attempts,
            long milliseconds,
            long? inputTokens,
            long? outputTokens,
            string cost
        );
    }
}
