using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>The addresses of Google's Gemini API: the model and the method are in the path.</summary>
internal sealed class GeminiEndpoints(Simulation simulation) : Endpoints
{
    private static readonly string[] Versions = ["/v1beta/models", "/v1alpha/models", "/v1/models"];

    // /v1/models is OpenAI's list too; only a method after a colon is Gemini's.
    public override bool Take(Incoming request) =>
        Rest(request) is { } rest
        && (
            !request.Path.StartsWith("/v1/", StringComparison.Ordinal)
            || (request.IsPost && rest.Contains(':', StringComparison.Ordinal))
        );

    public override Dialect DialectOf(Incoming request) => GeminiMethod.Of(request).Dialect;

    // Google's gateway calls a bad key a bad request (as recorded), and no key at all forbidden.
    public override Reply WrongKey(Incoming request) =>
        DialectOf(request)
            .Refuse(
                request.Record.ApiKey is null
                    ? new(
                        403,
                        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."
                    )
                    : BadKey
            );

    public static ApiError BadKey { get; } =
        new(400, "API key not valid. Please pass a valid API key.", Code: "API_KEY_INVALID");

    public override Reply Answer(Incoming request)
    {
        var rest = Rest(request)!;
        if (request.IsGet && rest.Length == 0)
            return GeminiModels.List(request, simulation.Options);
        if (request.IsGet)
            return Model(rest[1..], request);
        return GeminiMethod.Of(request).Answer(request, simulation);
    }

    private Reply Model(string name, Incoming request) =>
        simulation.Know(request, GeminiDialect.Plain, name) is { } model
            ? GeminiModels.One(model)
            : GeminiDialect.Plain.Refuse(Misbehaviour.Refusals.ModelNotFound(name));

    private static string? Rest(Incoming request)
    {
        foreach (var version in Versions)
        {
            if (
                request.Path.StartsWith(version, StringComparison.Ordinal)
                && (request.Path.Length == version.Length || request.Path[version.Length] == '/')
            )
                return request.Path[version.Length..];
        }
        return null;
    }
}
