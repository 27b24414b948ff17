using System.Text.Json;

namespace Dragoman.Simulator.Replies;

/// <summary>An error in OpenAI's shape.</summary>
internal sealed record ApiError(
    int Status,
    string Message,
    string Type = "invalid_request_error",
    string? Param = null,
    string? Code = null
)
{
    public Reply ToReply(params (string Name, string Value)[] headers) =>
        Reply.Whole(Status, ToJson()) with
        {
            Headers = headers,
        };

    /// <summary>The whole body, <c>{"error":{…}}</c>.</summary>
    public byte[] ToJson() =>
        Json.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            WriteFields(json);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    public void WriteFields(Utf8JsonWriter json)
    {
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteString("param", Param);
        json.WriteString("code", Code);
    }
}
