using System.Text.Json;
using Dragoman.Simulator.Dialects.Anthropic;
using Dragoman.Simulator.Dialects.Gemini;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Vertex;

/// <summary>Vertex AI's addresses: Gemini's methods, and Claude's <c>rawPredict</c>, below a project and a location.</summary>
internal sealed class VertexEndpoints(Simulation simulation) : Endpoints
{
    private const string ClaudeVersion = "vertex-2023-10-16";
    private const string Claude = "/publishers/anthropic/models/";

    // /v1/projects/{project}/locations/{location}/publishers/{publisher}/models/{model}:{method}
    public override bool Take(Incoming request)
    {
        var parts = request.Path.Split('/');
        return parts.Length >= 10
            && parts[1] is "v1" or "v1beta1"
            && (parts[2], parts[4], parts[6], parts[8])
                is ("projects", "locations", "publishers", "models");
    }

    public override Dialect DialectOf(Incoming request) =>
        IsClaude(request) ? AnthropicDialect.Instance : GeminiMethod.Of(request).Dialect;

    // A token of ours is judged even where anybody is let in: one that expired is refused.
    public override bool LetsIn(Incoming request, Simulation simulation) =>
        request.Record.ApiKey is { } token && AccessTokens.IsOurs(token)
            ? simulation.Tokens.IsValid(token, simulation.Now)
            : base.LetsIn(request, simulation);

    // Google's front refuses in Google's shape, whoever's model it is.
    public override Reply WrongKey(Incoming request) =>
        GeminiDialect.Plain.Refuse(
            new(
                401,
                "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."
            ),
            (
                "WWW-Authenticate",
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\""
            )
        );

    public override Reply Answer(Incoming request)
    {
        var method = GeminiMethod.Of(request);
        if (!IsClaude(request))
            return method.Answer(request, simulation);
        var dialect = AnthropicDialect.Instance;
        if (!request.IsPost || method.Method is not ("rawPredict" or "streamRawPredict"))
            return dialect.Refuse(new(404, $"There is nothing at {request.Path}."));
        return simulation.WithBody(request, dialect, root => AnswerClaude(request, method, root));
    }

    private Reply AnswerClaude(Incoming request, GeminiMethod method, JsonElement root)
    {
        var dialect = AnthropicDialect.Instance;
        if (root.Text("anthropic_version") != ClaudeVersion)
            return dialect.Refuse(new(400, "anthropic_version: Field required"));
        if (method.Model == "count-tokens")
            return simulation.Infer(
                request,
                new(dialect, root.Text("model"), root, false),
                AnthropicEndpoints.CountTokens
            );
        if (root.Has("model"))
            return dialect.Refuse(new(400, "model: Extra inputs are not permitted"));
        return simulation.Infer(
            request,
            new(dialect, method.Model, root, root.Flag("stream") == true),
            AnthropicEndpoints.Chat
        );
    }

    private static bool IsClaude(Incoming request) =>
        request.Path.Contains(Claude, StringComparison.Ordinal);
}
