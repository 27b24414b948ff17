using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Embeddings;
using Dragoman.Simulator.Misbehaviour;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>OpenAI's addresses, with or without <c>/v1</c>, and whatever nobody else takes.</summary>
internal sealed class OpenAIEndpoints(Simulation simulation) : Endpoints
{
    public override bool Take(Incoming request) => true;

    public override Dialect DialectOf(Incoming request) => OpenAIDialect.Instance;

    public override Reply Answer(Incoming request)
    {
        var path = request.Path;
        if (path.StartsWith("/v1/", StringComparison.Ordinal))
            path = path[3..];
        if (request.IsGet && path == "/models")
            return Reply.Whole(200, ModelList.All(simulation.Options));
        if (request.IsGet && path.StartsWith("/models/", StringComparison.Ordinal))
            return Model(path["/models/".Length..], request);
        if (path is not ("/chat/completions" or "/embeddings"))
            return new ApiError(404, $"There is nothing at {request.Path}.").ToReply();
        if (!request.IsPost)
            return new ApiError(405, $"{request.Path} takes POST only.").ToReply();
        return simulation.WithBody(
            request,
            OpenAIDialect.Instance,
            root =>
                simulation.Infer(
                    request,
                    new(
                        OpenAIDialect.Instance,
                        root.Text("model"),
                        root,
                        root.Flag("stream") == true
                    ),
                    path == "/chat/completions" ? Chat : Embed
                )
        );
    }

    private Reply Model(string name, Incoming request) =>
        simulation.Know(request, OpenAIDialect.Instance, name) is { } model
            ? Reply.Whole(200, ModelList.One(model.Name))
            : Refusals.ModelNotFound(name).ToReply();

    /// <summary>Answers a chat completion request, which may as well be one to Azure.</summary>
    public static Reply Chat(Call call)
    {
        if (call.Model.Character == ModelCharacter.Embedding)
            return call.Dialect.Refuse(
                new(404, $"'{call.Model.Name}' makes embeddings; it does not chat.", Param: "model")
            );
        return ChatCallReader.Read(call.Root, out var error) is { } read
            ? ChatReplies.Plan(read, call)
            : call.Dialect.Refuse(error!);
    }

    public static Reply Embed(Call call) =>
        EmbeddingCall.Read(call.Root, out var error) is { } read
            ? call.Whole(EmbeddingWriter.Write(read, call.Model.Name))
            : call.Dialect.Refuse(error!);
}
