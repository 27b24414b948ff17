using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class OpenAIDialect : Dialect
{
    public static OpenAIDialect Instance { get; } = new();

    public override SimulatedDialect Kind => SimulatedDialect.OpenAIChat;
    public override string IdPrefix => "chatcmpl-";

    public override Reply Refuse(ApiError error, params (string Name, string Value)[] headers) =>
        error.ToReply(headers);

    public override byte[] Write(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        ChatWriter.Write(answer, call, style);

    public override EventWriter Stream(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        new ChunkWriter(answer, call, style);
}
