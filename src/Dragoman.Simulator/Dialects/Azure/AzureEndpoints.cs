using Dragoman.Simulator.Dialects.OpenAI;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Azure;

/// <summary>
/// The addresses of an Azure OpenAI resource. The older ones name the deployment in the path and want an <c>api-version</c>; those
/// below <c>/openai/v1</c> name it in the body.
/// </summary>
internal sealed class AzureEndpoints(Simulation simulation) : Endpoints
{
    private const string Deployments = "/openai/deployments/";
    private const string Newer = "/openai/v1/";
    private const string Chat = "chat/completions";
    private const string Embeddings = "embeddings";

    public override bool Take(Incoming request) =>
        request.Path.StartsWith(Deployments, StringComparison.Ordinal)
        || request.Path.StartsWith(Newer, StringComparison.Ordinal);

    public override Dialect DialectOf(Incoming request) => AzureDialect.Instance;

    public override Reply Answer(Incoming request)
    {
        var newer = request.Path.StartsWith(Newer, StringComparison.Ordinal);
        var rest = request.Path[(newer ? Newer : Deployments).Length..];
        var method =
            rest.EndsWith(Chat, StringComparison.Ordinal) ? Chat
            : rest.EndsWith(Embeddings, StringComparison.Ordinal) ? Embeddings
            : null;
        // Without an api-version Azure knows no older address at all.
        if (
            method is null
            || !request.IsPost
            || (!newer && request.Query["api-version"].Count == 0)
        )
            return AzureDialect.Instance.Refuse(new(404, "Resource not found"));
        var named = newer ? null : rest[..^method.Length].TrimEnd('/');
        return simulation.WithBody(
            request,
            AzureDialect.Instance,
            root =>
                simulation.Infer(
                    request,
                    new(
                        AzureDialect.Instance,
                        named ?? root.Text("model"),
                        root,
                        root.Flag("stream") == true
                    ),
                    method == Chat ? OpenAIEndpoints.Chat : OpenAIEndpoints.Embed
                )
        );
    }
}
