using System.Globalization;
using System.Text;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>Replies in place of an answer.</summary>
internal static class Refusals
{
    private static readonly TimeSpan DateAhead = TimeSpan.FromSeconds(2);

    public static Reply ServerError(FaultMoment moment) =>
        new ApiError(500, "Simulated: the server failed.", "server_error").ToReply();

    public static Reply Unavailable(FaultMoment moment) =>
        new ApiError(503, "Simulated: out of service for a while.", "server_error").ToReply();

    public static Reply Overloaded(FaultMoment moment) =>
        new ApiError(529, "Simulated: overloaded.", "overloaded_error").ToReply();

    public static Reply RequestTimeout(FaultMoment moment) =>
        new ApiError(408, "Simulated: the request took too long.", "timeout").ToReply();

    public static Func<FaultMoment, Reply> Limited() => _ => RateLimited.ToReply();

    public static Func<FaultMoment, Reply> Limited(string header, string value) =>
        _ => RateLimited.ToReply((header, value));

    // An HTTP date has whole seconds only: what is said lies one to two seconds ahead.
    public static Reply LimitedUntilDate(FaultMoment moment) =>
        RateLimited.ToReply(
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
        new ApiError(400, "Simulated: a parameter is wrong.", Param: "temperature").ToReply();

    public static Reply WrongKey(FaultMoment moment) =>
        new ApiError(
            401,
            "Simulated: the API key is not known.",
            Code: "invalid_api_key"
        ).ToReply();

    public static Reply NoCredit(FaultMoment moment) =>
        new ApiError(
            402,
            "Simulated: no credit is left.",
            "insufficient_credits",
            Code: "402"
        ).ToReply();

    public static Reply Forbidden(FaultMoment moment) =>
        new ApiError(
            403,
            "Simulated: this key may not use the model.",
            Code: "model_forbidden"
        ).ToReply();

    public static Reply NoSuchModel(FaultMoment moment) => ModelNotFound(moment.Model).ToReply();

    public static ApiError ModelNotFound(string name) =>
        new(404, $"There is no simulated model '{name}'.", Param: "model", Code: "model_not_found");

    public static Reply NoQuota(FaultMoment moment) =>
        new ApiError(
            429,
            "Simulated: the quota is used up.",
            "insufficient_quota",
            Code: "insufficient_quota"
        ).ToReply();

    public static Reply TooLong(FaultMoment moment) =>
        new ApiError(
            400,
            "Simulated: the messages are longer than this model's maximum context length of 8 tokens.",
            Param: "messages",
            Code: "context_length_exceeded"
        ).ToReply();

    public static Reply Filtered(FaultMoment moment) =>
        new ApiError(
            400,
            "Simulated: the prompt was filtered.",
            Param: "prompt",
            Code: "content_filter"
        ).ToReply();

    public static Reply? StreamOptions(FaultMoment moment) =>
        moment.HasStreamOptions
            ? new ApiError(
                400,
                "Unknown parameter: 'stream_options'.",
                Param: "stream_options",
                Code: "unknown_parameter"
            ).ToReply()
            : null;

    // Another name for the same machine: another host to a client, and a journal entry if it is followed.
    public static Reply Redirect(FaultMoment moment) =>
        Reply.Whole(302, default) with
        {
            ContentType = null,
            Headers = [("Location", $"http://localhost:{moment.Port}/elsewhere")],
        };

    public static Reply ErrorIn200(FaultMoment moment) =>
        Reply.Whole(
            200,
            new ApiError(200, "Simulated: an error under a 200.", "server_error").ToJson()
        );

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
        return moment.Stream ? Reply.Events(pieces) : new() { Pieces = pieces };
    }

    private static ApiError RateLimited =>
        new(429, "Simulated: too many requests.", "requests", Code: "rate_limit_exceeded");
}
