using System.Globalization;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.Exchanges;
using Dragoman.Limits.Rates;

namespace Dragoman.Limits;

/// <summary>
/// Tells a client where its scarcest limits stand, under the names that libraries of its dialect look for: Anthropic's with a time,
/// OpenAI's with a span in all others (Gemini and Ollama have none of their own).
/// </summary>
/// <remarks>platform.openai.com "Rate limits in headers" and platform.claude.com "Rate limits: Response headers", seen 2026-11: the reset of both is when all of it is there again.</remarks>
internal static class LimitHeaders
{
    private static readonly Names OpenAIRequests = new(
        "x-ratelimit-limit-requests",
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests"
    );
    private static readonly Names OpenAITokens = new(
        "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-tokens"
    );
    private static readonly Names AnthropicRequests = OfAnthropic("requests");
    private static readonly Names AnthropicTokens = OfAnthropic("tokens");
    private static readonly Names AnthropicInput = OfAnthropic("input-tokens");
    private static readonly Names AnthropicOutput = OfAnthropic("output-tokens");

    public static void Tell(Exchange exchange, RateStandings standings, DateTimeOffset now)
    {
        var reply = exchange.Reply;
        if (exchange.Dialect.Name == AnthropicDialect.DialectName)
        {
            Tell(reply, AnthropicRequests, standings.Requests, now);
            Tell(reply, AnthropicTokens, standings.Tokens, now);
            Tell(reply, AnthropicInput, standings.InputTokens, now);
            Tell(reply, AnthropicOutput, standings.OutputTokens, now);
            return;
        }
        Tell(reply, OpenAIRequests, standings.Requests, now: null);
        Tell(
            reply,
            OpenAITokens,
            standings.Tokens ?? standings.InputTokens ?? standings.OutputTokens,
            now: null
        );
    }

    private static void Tell(
        IReplyChannel reply,
        in Names names,
        in RateStanding? standing,
        DateTimeOffset? now
    )
    {
        if (standing is not { } known)
            return;
        reply.SetHeader(names.Limit, known.Meter.MostText);
        reply.SetHeader(names.Remaining, known.Left.ToString(CultureInfo.InvariantCulture));
        reply.SetHeader(
            names.Reset,
            now is { } moment ? Moment(moment + known.EmptyIn) : Span(known.EmptyIn)
        );
    }

    /// <summary>As Go writes a duration, which is how OpenAI tells it: <c>20ms</c>, <c>1s</c>, <c>6m0s</c>.</summary>
    internal static string Span(TimeSpan span)
    {
        if (span < TimeSpan.FromSeconds(1))
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Math.Ceiling(span.TotalMilliseconds)}ms"
            );
        var seconds = (long)Math.Ceiling(span.TotalSeconds);
        return seconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{seconds}s")
            : seconds < 3600
                ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60}s")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{seconds / 3600}h{seconds / 60 % 60}m{seconds % 60}s"
            );
    }

    /// <summary>RFC 3339 in whole seconds, rounded up.</summary>
    private static string Moment(DateTimeOffset moment) =>
        moment
            .AddTicks(TimeSpan.TicksPerSecond - 1)
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Names OfAnthropic(string kind) =>
        new(
            $"anthropic-ratelimit-{kind}-limit",
            $"anthropic-ratelimit-{kind}-remaining",
            $"anthropic-ratelimit-{kind}-reset"
        );

    private readonly record struct Names(string Limit, string Remaining, string Reset);
}
