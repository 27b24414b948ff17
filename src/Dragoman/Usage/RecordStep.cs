using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Guardrails;
using Dragoman.Routing;
using Microsoft.Extensions.Logging;

namespace Dragoman.Usage;

/// <summary>The outermost step: at the very end, whatever happened, it appends the exchange's record to the ledger.</summary>
public sealed partial class RecordStep(
    IUsageLedger ledger,
    TimeProvider time,
    ILogger<RecordStep> logger
) : IExchangeStep
{
    /// <summary>The status written down for a client that left before it got one (nginx's word for it).</summary>
    private const int ClientClosedRequest = 499;

    public async ValueTask InvokeAsync(Exchange exchange, ExchangeDelegate next)
    {
        try
        {
            await next(exchange);
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            exchange.Log.Outcome = ExchangeOutcome.Cancelled;
        }
        catch (Exception exception)
        {
            LogFailure(exchange, exception);
            await TellClientAsync(exchange);
        }
        var record = RecordOf(exchange);
        exchange.Set(record);
        await ledger.AppendAsync(record);
    }

    private async ValueTask TellClientAsync(Exchange exchange)
    {
        var (started, status) = (exchange.Reply.HasStarted, exchange.Log.Status);
        try
        {
            await ErrorReply.SendAsync(
                exchange,
                new GatewayError(
                    GatewayErrorKind.Internal,
                    $"The gateway failed; {exchange.Id} is in its log."
                )
            );
        }
        catch (Exception exception)
        {
            LogFailure(exchange, exception);
            exchange.Reply.Abort();
        }
        if (!started)
            return;
        // The client has the status it was sent, and a part of an answer.
        exchange.Log.Status = status;
        exchange.Log.Outcome = ExchangeOutcome.Broken;
    }

    // The message is left out: it may quote the request.
    private void LogFailure(Exchange exchange, Exception exception) =>
        Log.ExchangeFailed(logger, exchange.Id, exception.GetType().FullName, exception.StackTrace);

    private UsageRecord RecordOf(Exchange exchange)
    {
        var (log, wishes) = (exchange.Log, exchange.Wishes);
        var total = time.GetElapsedTime(exchange.StartTimestamp);
        var overhead = total - time.GetElapsedTime(0, log.WaitedTicks);
        var cost = log.Cost.Total;
        var decision = exchange.Get<RoutingDecision>();
        var profile = RequestReading.Known(exchange);
        // First: what was masked in a stream is told among its changes.
        var findings = exchange.Get<ExchangeGuardrails>()?.Conclude() ?? [];
        return new UsageRecord
        {
            Id = exchange.Id,
            StartedAt = exchange.StartedAt,
            Caller = exchange.Caller,
            Workspace = wishes.WorkspaceId,
            Execution = wishes.ExecutionId,
            UserTier = wishes.UserTier,
            Tags = wishes.Tags,
            Task = TaskNames.Find(wishes.TaskType) ?? profile?.Task,
            Dialect = exchange.Dialect.Name,
            Operation = exchange.Operation switch
            {
                Operation.Embeddings => "embeddings",
                _ => "chat",
            },
            Route = exchange.Envelope.Model,
            Chain = decision?.ChainName,
            Deployment = log.AnsweredBy,
            Streamed = exchange.Envelope.Stream,
            Outcome = log.Outcome,
            Status = log is { Status: 0, Outcome: ExchangeOutcome.Cancelled }
                ? ClientClosedRequest
                : log.Status,
            ErrorCode = log.Outcome == ExchangeOutcome.Succeeded ? null : CodeOf(log.Error),
            Attempts = log.Attempts,
            Skipped = log.Skipped,
            Usage = AttemptTotals.Usage(log.Attempts),
            CostNanoUsd = cost?.ToNanoUsd(),
            CostBasis = cost?.Basis ?? CostBasis.Unpriced,
            FirstContent = log.FirstContent,
            Total = total,
            Overhead = overhead > TimeSpan.Zero ? overhead : TimeSpan.Zero,
            Changes = log.Changes,
            Guardrails = findings,
            Reason = log.Reason,
            Profile = profile,
            Decision = decision?.Record,
        };
    }

    private static string? CodeOf(GatewayError? error) =>
        error?.Code
        ?? error?.Kind switch
        {
            null => null,
            GatewayErrorKind.InvalidRequest => "invalid_request",
            GatewayErrorKind.Authentication => "authentication",
            GatewayErrorKind.Permission => "permission",
            GatewayErrorKind.NotFound => "not_found",
            GatewayErrorKind.RequestTooLarge => "request_too_large",
            GatewayErrorKind.ContextLength => "context_length",
            GatewayErrorKind.ContentFilter => "content_filter",
            GatewayErrorKind.Budget => "budget_exceeded",
            GatewayErrorKind.RateLimited => "rate_limited",
            GatewayErrorKind.NotSupported => "not_supported",
            GatewayErrorKind.Unavailable => "unavailable",
            GatewayErrorKind.Upstream => "upstream",
            GatewayErrorKind.Timeout => "timeout",
            GatewayErrorKind.Loop => "loop",
            _ => "internal",
        };

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "Exchange {Id} failed inside the gateway: {ExceptionType}\n{StackTrace}"
        )]
        public static partial void ExchangeFailed(
            ILogger logger,
            RequestId id,
            string? exceptionType,
            string? stackTrace
        );
    }
}
