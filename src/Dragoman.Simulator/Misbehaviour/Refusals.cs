using System.Globalization;
using System.Text;
using Dragoman.Simulator.Dialects.Gemini;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>Replies in place of an answer.</summary>
internal static class Refusals
{
    private static readonly TimeSpan DateAhead = TimeSpan.FromSeconds(2);

    public static Reply ServerError(FaultMoment moment) =>
        moment.Dialect.Refuse(new(500, "Simulated: the server failed.", "server_error"));

    public static Reply Unavailable(FaultMoment moment) =>
        moment.Dialect.Refuse(new(503, "Simulated: out of service for a while.", "server_error"));

    public static Reply Overloaded(FaultMoment moment) =>
        moment.Dialect.Refuse(new(529, "Simulated: overloaded.", "overloaded_error"));

    public static Reply RequestTimeout(FaultMoment moment) =>
        moment.Dialect.Refuse(new(408, "Simulated: the request took too long.", "timeout"));

    public static Func<FaultMoment, Reply> Limited() =>
        moment => moment.Dialect.Refuse(RateLimited);

    public static Func<FaultMoment, Reply> Limited(string header, string value) =>
        moment => moment.Dialect.Refuse(RateLimited, (header, value));

    // An HTTP date has whole seconds only: what is said lies one to two seconds ahead.
    public static Reply LimitedUntilDate(FaultMoment moment) =>
        moment.Dialect.Refuse(
            RateLimited,
            ("Retry-After", (moment.Now + DateAhead).ToString("R", CultureInfo.InvariantCulture))
        );

    // Google's 429 says when in the body alone (recorded 2025-2026).
    public static Reply LimitedByRetryInfo(FaultMoment moment) =>
        Reply.Whole(
            429,
            Encoding.UTF8.GetBytes(
                """
                {"error":{"code":429,"message":"Simulated: too many requests.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1s"}]}}
                """
            )
        );

    public static Reply BadRequest(FaultMoment moment) =>
        moment.Dialect.Refuse(new(400, "Simulated: a parameter is wrong.", Param: "temperature"));

    public static Reply WrongKey(FaultMoment moment) =>
        moment.Dialect.Refuse(
            new(401, "Simulated: the API key is not known.", Code: "invalid_api_key")
        );

    public static Reply InvalidKey(FaultMoment moment) =>
        moment.Dialect.Refuse(GeminiEndpoints.BadKey);

    public static Reply NoCredit(FaultMoment moment) =>
        moment.Dialect.Refuse(
            new(402, "Simulated: no credit is left.", "insufficient_credits", Code: "402")
        );

    public static Reply Forbidden(FaultMoment moment) =>
        moment.Dialect.Refuse(
            new(403, "Simulated: this key may not use the model.", Code: "model_forbidden")
        );

    public static Reply NoSuchModel(FaultMoment moment) =>
        moment.Dialect.Refuse(ModelNotFound(moment.Model));

    public static ApiError ModelNotFound(string name) =>
        new(404, $"There is no simulated model '{name}'.", Param: "model", Code: "model_not_found");

    public static Reply NoQuota(FaultMoment moment) =>
        moment.Dialect.Refuse(
            new(
                429,
                "Simulated: the quota is used up.",
                "insufficient_quota",
                Code: "insufficient_quota"
            )
        );

    public static Reply TooLong(FaultMoment moment) =>
        moment.Dialect.Refuse(
            new(
                400,
                "Simulated: the messages are longer than this model's maximum context length of 8 tokens.",
                Param: "messages",
                Code: "context_length_exceeded"
            )
        );

    // Google has been seen to put its context-length failure as a rate limit (recorded 2025-2026).
    public static Reply TooLongAsLimit(FaultMoment moment) =>
        moment.Dialect.Refuse(
            new(429, "The input token count (9) exceeds the maximum number of tokens allowed (8).")
        );

    public static Reply Filtered(FaultMoment moment) =>
        moment.Dialect.Refuse(
            new(400, "Simulated: the prompt was filtered.", Param: "prompt", Code: "content_filter")
        );

    public static Reply? StreamOptions(FaultMoment moment) =>
        moment.HasStreamOptions
            ? moment.Dialect.Refuse(
                new(
                    400,
                    "Unknown parameter: 'stream_options'.",
                    Param: "stream_options",
                    Code: "unknown_parameter"
                )
            )
            : null;

    // Another name for the same machine: another host to a client, and a journal entry if it is followed.
    public static Reply Redirect(FaultMoment moment) =>
        Reply.Whole(302, default) with
        {
            ContentType = null,
            Headers = [("Location", $"http://localhost:{moment.Port}/elsewhere")],
        };

    public static Reply ErrorIn200(FaultMoment moment) =>
        moment.Dialect.Refuse(new(200, "Simulated: an error under a 200.", "server_error"));

    public static Reply Html(FaultMoment moment) =>
        Reply.Whole(
            200,
            "<!doctype html><title>Simulated</title><p>A page in place of an answer."u8.ToArray()
        ) with
        {
            ContentType = "text/html; charset=utf-8",
        };

    public static Reply Reset(FaultMoment moment) => new() { Pieces = [Piece.Reset] };

    public static Reply Silent(FaultMoment moment) => new() { Pieces = [Piece.Hang] };

    public static Reply HeadersOnly(FaultMoment moment)
    {
        Piece[] pieces = [Piece.Of(default), Piece.Hang];
        return moment.Stream
            ? Reply.Events(pieces, moment.Dialect.StreamType)
            : new() { Pieces = pieces };
    }

    private static ApiError RateLimited =>
        new(429, "Simulated: too many requests.", "requests", Code: "rate_limit_exceeded");
}
