using System.Globalization;
using System.Net.Http.Headers;
using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Limits.Rates;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>The headers that tell a client what happened (<c>x-dragoman-*</c>), and those of the provider's that may be told.</summary>
internal static class ReplyHeaders
{
    private static readonly string[] Counts = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Headers known before anybody answered.</summary>
    public static void SetCommon(Exchange exchange, RoutingDecision decision)
    {
        exchange.Reply.SetHeader(
            "x-dragoman-request-id",
            exchange.Id.ToString(null, CultureInfo.InvariantCulture)
        );
        exchange.Reply.SetHeader("x-dragoman-route", Printable(RouteOf(decision)));
        if (
            (TaskNames.Find(exchange.Wishes.TaskType) ?? RequestReading.Known(exchange)?.Task) is
            { } task
        )
            exchange.Reply.SetHeader("x-dragoman-task", task);
        exchange.Reply.SetHeader("x-dragoman-cache", "bypass");
    }

    /// <summary>The name that was asked for; where something was weighed for it, also what decided, cut short: clients bear no long headers, and the record has it whole.</summary>
    private static string RouteOf(RoutingDecision decision)
    {
        const int Most = 800;
        if (decision.Weighings.Count == 0 && decision.Rule is null)
            return decision.Route;
        var told =
            decision.Route
            + " -> "
            + decision.Chain[0].PublicName
            + "; "
            + decision.Reason.Replace("±", "+-", StringComparison.Ordinal);
        return told.Length <= Most ? told : told[..Most] + "...";
    }

    /// <summary>Headers of an answer, or of the last word after all failed.</summary>
    public static void SetOutcome(
        Exchange exchange,
        Deployment? answeredBy,
        int attempts,
        TimeSpan overhead,
        Cost? cost
    )
    {
        var reply = exchange.Reply;
        if (answeredBy is not null)
            reply.SetHeader("x-dragoman-model", Printable(answeredBy.PublicName));
        reply.SetHeader(
            "x-dragoman-attempts",
            attempts < Counts.Length
                ? Counts[attempts]
                : attempts.ToString(CultureInfo.InvariantCulture)
        );
        reply.SetHeader(
            "x-dragoman-overhead-ms",
            overhead.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture)
        );
        if (cost is { } known)
            reply.SetHeader(
                "x-dragoman-cost-usd",
                (known.ToNanoUsd() / Cost.NanosPerUsd).ToString(
                    "0.#########",
                    CultureInfo.InvariantCulture
                )
            );
        if (exchange.Log.Changes.Count > 0)
            reply.SetHeader(
                "x-dragoman-changes",
                Printable(string.Join(", ", exchange.Log.Changes))
            );
    }

    /// <summary>
    /// Relays the provider's own request id and processing time: SDKs show them and support asks for them. Its rate limits too where the
    /// operator himself asks and no limit of ours applies: to anybody else they are the account's, which others share.
    /// </summary>
    public static void Relay(HttpResponseHeaders upstream, Exchange exchange)
    {
        var reply = exchange.Reply;
        var withLimits =
            exchange.Get<RateLease>() is null
            && exchange.Get<Caller>() is null or { Role: Role.Admin };
        foreach (var (name, values) in upstream.NonValidated)
        {
            if (
                name.StartsWith("openai-", StringComparison.OrdinalIgnoreCase) && !IsAccount(name)
                || AllowanceHeaders.IsOne(name) && withLimits
                || name.Equals("request-id", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-request-id", StringComparison.OrdinalIgnoreCase)
            )
                reply.SetHeader(name, Printable(values.ToString()));
        }
    }

    /// <summary>Names the operator's account, which is none of the client's business.</summary>
    private static bool IsAccount(string name) =>
        name.EndsWith("organization", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("project", StringComparison.OrdinalIgnoreCase);

    /// <summary>Header values are ASCII; a name in another script is shown percent-encoded rather than refused.</summary>
    private static string Printable(string value)
    {
        foreach (var letter in value)
        {
            if (letter is < ' ' or > '~')
                return Uri.EscapeDataString(value);
        }
        return value;
    }
}
