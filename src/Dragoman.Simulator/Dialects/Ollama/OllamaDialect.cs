using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>Ollama's own API (github.com/ollama/ollama docs/api.md, seen 2026-11), as <c>chat</c> or as <c>generate</c>.</summary>
internal sealed class OllamaDialect : Dialect
{
    private readonly bool _generates;

    private OllamaDialect(bool generates) => _generates = generates;

    public static OllamaDialect Chat { get; } = new(generates: false);
    public static OllamaDialect Generate { get; } = new(generates: true);

    public override SimulatedDialect Kind => SimulatedDialect.Ollama;
    public override string StreamType => "application/x-ndjson";

    // Lines have no comments: nothing is sent but the headers.
    public override ReadOnlyMemory<byte> KeepAlive => default;

    public override Reply Refuse(ApiError error, params (string Name, string Value)[] headers) =>
        Reply.Whole(
            error.Status,
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteString("error", Message(error));
                json.WriteEndObject();
            })
        ) with
        {
            ContentType = "application/json; charset=utf-8",
            Headers = headers,
        };

    public override byte[] Write(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        Json.Bytes(json =>
        {
            json.WriteStartObject();
            new OllamaLineWriter(answer, style, _generates).WriteWhole(json);
            json.WriteEndObject();
        });

    public override EventWriter Stream(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        new OllamaStreamWriter(new(answer, style, _generates), style);

    private static string Message(ApiError error) =>
        error.Code == "model_not_found" ? $"model not found: {error.Message}" : error.Message;
}
