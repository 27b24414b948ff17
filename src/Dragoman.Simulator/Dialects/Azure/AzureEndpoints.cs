using Dragoman.Simulator.Dialects.OpenAI;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Azure;

/// <summary>The addresses of an Azure OpenAI resource: the deployment is in the path, and is not read from the body.</summary>
internal sealed class AzureEndpoints(Simulation simulation) : Endpoints
{
    private const string Deployments = "/openai/deployments/";
    private const string Chat = "/chat/completions";
    private const string Embeddings = "/embeddings";

    public override bool Take(Incoming request) =>
        request.Path.StartsWith(Deployments, StringComparison.Ordinal);

    public override Dialect DialectOf(Incoming request) => AzureDialect.Instance;

    public override Reply Answer(Incoming request)
    {
        var rest = request.Path[Deployments.Length..];
        var chat = rest.EndsWith(Chat, StringComparison.Ordinal);
        // Without an api-version Azure knows no address at all.
        if (
            !(chat || rest.EndsWith(Embeddings, StringComparison.Ordinal))
            || !request.IsPost
            || request.Query["api-version"].Count == 0
        )
            return AzureDialect.Instance.Refuse(new(404, "Resource not found"));
        var name = rest[..^(chat ? Chat : Embeddings).Length];
        return simulation.WithBody(
            request,
            AzureDialect.Instance,
            root =>
                simulation.Infer(
                    request,
                    new(AzureDialect.Instance, name, root, root.Flag("stream") == true),
                    chat ? OpenAIEndpoints.Chat : OpenAIEndpoints.Embed
                )
        );
    }
}
