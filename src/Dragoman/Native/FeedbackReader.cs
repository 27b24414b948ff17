using Dragoman.Canonical;

namespace Dragoman.Native;

/// <summary>What a body of <c>POST /api/llm/feedback</c> says of a request.</summary>
internal sealed record GivenFeedback(string RequestId, double Score, string? Comment);

/// <summary>Reads a body of <c>POST /api/llm/feedback</c>.</summary>
internal static class FeedbackReader
{
    private const string Example = "{\"request_id\": \"req_0amwq8xpvq000\", \"thumb\": \"up\"}";

    private static readonly string[] Members = ["request_id", "score", "thumb", "comment"];

    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out GivenFeedback? feedback,
        out GatewayError? error
    ) => BodyMembers.TryRead(body, Example, Members, Read, out feedback, out error);

    private static GivenFeedback? Read(BodyMembers body)
    {
        var id = body.Text("request_id");
        var score = body.Real("score", 0, 1);
        var thumb = body.Text("thumb");
        if (thumb is not (null or "up" or "down"))
            body.Fail("'thumb' must be up or down.", "thumb");
        if (id is null)
            body.Fail(
                "'request_id' must be said: the id of an answer, as x-dragoman-request-id and 'id' tell it.",
                "request_id"
            );
        if ((score is null) == (thumb is null))
            body.Fail(
                score is null
                    ? "Either 'score' (from 0 to 1) or 'thumb' (up or down) must be said."
                    : "'score' and 'thumb' exclude each other: say one of them.",
                score is null ? "score" : "thumb"
            );
        var comment = body.Find("comment")
            is { ValueKind: System.Text.Json.JsonValueKind.String } said
            ? said.GetString()
            : body.Text("comment");
        return body.Error is null
            ? new GivenFeedback(id!, score ?? (thumb == "up" ? 1 : 0), comment)
            : null;
    }
}
