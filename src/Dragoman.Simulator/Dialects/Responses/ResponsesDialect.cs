using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Responses;

/// <summary>
/// OpenAI's Responses (platform.openai.com/docs/api-reference/responses, seen 2026-11; answers as recorded 2025-2026). One for each
/// request, for an answer repeats it.
/// </summary>
internal sealed class ResponsesDialect(JsonElement root, ResponseStore store) : Dialect
{
    /// <summary>For errors before there is a request that can be read.</summary>
    public static ResponsesDialect Errors { get; } = new(default, new());

    public override SimulatedDialect Kind => SimulatedDialect.OpenAIResponses;
    public override string IdPrefix => "resp_";

    public override Reply Refuse(ApiError error, params (string Name, string Value)[] headers) =>
        error.ToReply(headers);

    public override byte[] Write(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        new ResponseWriter(root, store, answer, call, style).WriteWhole();

    public override EventWriter Stream(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        new ResponseStreamWriter(new(root, store, answer, call, style), call, style);
}
