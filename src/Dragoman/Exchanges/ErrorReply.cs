using System.Buffers;
using System.Globalization;
using Dragoman.Canonical;

namespace Dragoman.Exchanges;

/// <summary>The one way to answer a client with an error: in its dialect, with the status, and noted for the record.</summary>
public static class ErrorReply
{
    /// <summary>
    /// Answers with <paramref name="error"/> and marks the exchange failed. Where an answer has already begun the connection is
    /// broken instead, so that nobody takes the cut answer for a whole one.
    /// </summary>
    public static async ValueTask SendAsync(Exchange exchange, GatewayError error)
    {
        var log = exchange.Log;
        log.Error = error;
        var status = exchange.Dialect.StatusOf(error);
        log.Status = status;
        log.Outcome = ExchangeOutcome.Failed;
        if (exchange.Reply.HasStarted)
        {
            exchange.Reply.Abort();
            return;
        }

        var body = new ArrayBufferWriter<byte>(512);
        exchange.Dialect.WriteError(body, error);
        if (error.RetryAfter is { } wait)
            exchange.Reply.SetHeader("Retry-After", WholeSeconds(wait));
        exchange.Reply.Start(status, "application/json", body.WrittenCount);
        try
        {
            await exchange.Reply.Body.WriteAsync(body.WrittenMemory, exchange.ClientGone);
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            log.Outcome = ExchangeOutcome.Cancelled;
        }
    }

    /// <summary>Rounded up: a client that comes back too early is refused again.</summary>
    private static string WholeSeconds(TimeSpan wait) =>
        ((long)Math.Ceiling(Math.Max(0, wait.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
}
