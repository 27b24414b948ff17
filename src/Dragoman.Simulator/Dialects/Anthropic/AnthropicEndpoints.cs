using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Anthropic's addresses. Its list of models is OpenAI's address; the header <c>anthropic-version</c> tells them apart.</summary>
internal sealed class AnthropicEndpoints(Simulation simulation) : Endpoints
{
    private const string Messages = "/v1/messages";
    private const string Count = Messages + "/count_tokens";
    private const string Models = "/v1/models";
    private const string Version = "anthropic-version";

    public override bool Take(Incoming request) =>
        request.Path is Messages or Count
        || (
            request.IsGet
            && request.Path.StartsWith(Models, StringComparison.Ordinal)
            && request.Header(Version) is not null
        );

    public override Dialect DialectOf(Incoming request) => AnthropicDialect.Instance;

    public override Reply Answer(Incoming request)
    {
        if (request.Header(Version) is null)
            return AnthropicDialect.Instance.Refuse(
                new(400, "anthropic-version: header is required")
            );
        if (request.IsGet && request.Path == Models)
            return AnthropicModels.List(request, simulation.Options);
        if (request.IsGet && request.Path.StartsWith(Models + "/", StringComparison.Ordinal))
            return Model(request.Path[(Models.Length + 1)..], request);
        if (!request.IsPost)
            return AnthropicDialect.Instance.Refuse(new(405, "Method Not Allowed"));
        return simulation.WithBody(
            request,
            AnthropicDialect.Instance,
            root =>
                simulation.Infer(
                    request,
                    new(
                        AnthropicDialect.Instance,
                        root.Text("model"),
                        root,
                        root.Flag("stream") == true
                    ),
                    request.Path == Count ? CountTokens : Chat
                )
        );
    }

    /// <summary>Answers a Messages request, wherever its model was named.</summary>
    public static Reply Chat(Call call) =>
        call.Model.Character == ModelCharacter.Embedding
            ? call.Dialect.Refuse(new(404, $"model: {call.Model.Name}"))
        : MessageCallReader.Read(call.Root, counting: false, out var error) is { } read
            ? ChatReplies.Plan(read, call)
        : call.Dialect.Refuse(error!);

    public static Reply CountTokens(Call call) =>
        MessageCallReader.Read(call.Root, counting: true, out var error) is { } read
            ? call.Whole(
                Json.Bytes(json =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("input_tokens", read.Transcript.Tokens);
                    json.WriteEndObject();
                })
            )
            : call.Dialect.Refuse(error!);

    private Reply Model(string name, Incoming request) =>
        simulation.Know(request, AnthropicDialect.Instance, name) is { } model
            ? AnthropicModels.One(model)
            : AnthropicDialect.Instance.Refuse(new(404, $"model: {name}"));
}
