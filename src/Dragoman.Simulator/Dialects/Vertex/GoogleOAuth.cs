using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Vertex;

/// <summary>The error shape of a token endpoint, which answers nothing but tokens.</summary>
internal sealed class GoogleOAuth : Dialect
{
    public static GoogleOAuth Instance { get; } = new();

    // Its faults are those that Gemini has.
    public override SimulatedDialect Kind => SimulatedDialect.Gemini;

    public override Reply Refuse(ApiError error, params (string Name, string Value)[] headers) =>
        Reply.Whole(
            error.Status,
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteString("error", error.Code ?? error.Type);
                json.WriteString("error_description", error.Message);
                json.WriteEndObject();
            })
        ) with
        {
            Headers = headers,
        };

    public override byte[] Write(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        throw new NotSupportedException("a token endpoint does not chat");

    public override EventWriter Stream(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        throw new NotSupportedException("a token endpoint does not chat");
}
