using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Simulator.Dialects.Responses;

/// <summary>The addresses of OpenAI's Responses, and the same at an Azure resource.</summary>
internal sealed class ResponsesEndpoints(Simulation simulation) : Endpoints
{
    private const string Address = "/v1/responses";
    private const string Count = Address + "/input_tokens";

    public override bool Take(Incoming request) =>
        Path(request) is var path
        && (path == Address || path.StartsWith(Address + "/", StringComparison.Ordinal));

    public override Dialect DialectOf(Incoming request) => ResponsesDialect.Errors;

    public override Reply Answer(Incoming request)
    {
        var path = Path(request);
        if (path is not (Address or Count))
            return Kept(request, path[(Address.Length + 1)..]);
        if (!request.IsPost)
            return new ApiError(405, $"{request.Path} takes POST only.").ToReply();
        return simulation.WithBody(
            request,
            ResponsesDialect.Errors,
            root =>
                simulation.Infer(
                    request,
                    new(
                        new ResponsesDialect(root, simulation.Responses),
                        root.Text("model"),
                        root,
                        root.Flag("stream") == true
                    ),
                    path == Count ? CountTokens : Chat
                )
        );
    }

    private Reply Chat(Call call) =>
        call.Model.Character == ModelCharacter.Embedding
            ? call.Dialect.Refuse(
                new(404, $"'{call.Model.Name}' makes embeddings; it does not chat.", Param: "model")
            )
        : ResponseCallReader.Read(call.Root, simulation.Responses, out var error) is { } read
            ? ChatReplies.Plan(read, call)
        : call.Dialect.Refuse(error!);

    private Reply CountTokens(Call call) =>
        ResponseCallReader.Read(call.Root, simulation.Responses, out var error) is { } read
            ? call.Whole(
                Json.Bytes(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("object", "response.input_tokens");
                    json.WriteNumber("input_tokens", read.Transcript.Tokens);
                    json.WriteEndObject();
                })
            )
            : call.Dialect.Refuse(error!);

    private Reply Kept(Incoming request, string id)
    {
        if (request.IsGet && simulation.Responses.Find(id) is { } kept)
            return Reply.Whole(200, kept.Body);
        if (HttpMethods.IsDelete(request.Method) && simulation.Responses.Delete(id))
            return Reply.Whole(
                200,
                Json.Bytes(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("id", id);
                    json.WriteString("object", "response");
                    json.WriteBoolean("deleted", true);
                    json.WriteEndObject();
                })
            );
        return new ApiError(404, $"Response with id '{id}' not found.").ToReply();
    }

    // At Azure: /openai/v1/responses, and /openai/responses with an api-version.
    private static string Path(Incoming request)
    {
        var path = request.Path;
        if (path.StartsWith("/openai/", StringComparison.Ordinal))
            path = path["/openai".Length..];
        return path.StartsWith("/responses", StringComparison.Ordinal) ? "/v1" + path : path;
    }
}
