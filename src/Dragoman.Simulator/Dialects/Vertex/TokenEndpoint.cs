using System.Text;
using System.Text.Json;
using Dragoman.Simulator.Replies;
using Microsoft.AspNetCore.WebUtilities;

namespace Dragoman.Simulator.Dialects.Vertex;

/// <summary>
/// Google's token endpoint, <c>POST /token</c>: a signed assertion, or a refresh token, for an access token
/// (developers.google.com/identity/protocols/oauth2/service-account, seen 2026-11). Its faults are those of the model <c>token</c>.
/// </summary>
internal sealed class TokenEndpoint(Simulation simulation) : Endpoints
{
    private const string ByAssertion = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string ByRefresh = "refresh_token";

    private static readonly SimulatedModel Model = new("token", ModelCharacter.Plain);
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement.Clone();

    public override bool Take(Incoming request) => request.Path == "/token" && request.IsPost;

    public override Dialect DialectOf(Incoming request) => GoogleOAuth.Instance;

    public override bool LetsIn(Incoming request, Simulation simulation) => true;

    public override Reply Answer(Incoming request)
    {
        simulation.Name(request, Model);
        return simulation.Serve(
            request,
            new(GoogleOAuth.Instance, Model.Name, Nothing, Stream: false),
            Model,
            call => HandOut(request, call)
        );
    }

    private Reply HandOut(Incoming request, Call call)
    {
        if (
            request
                .Header("Content-Type")
                ?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true
        )
            return Refuse("invalid_request", "The request must be a form.");
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body));
        var mistake = form.TryGetValue("grant_type", out var grant)
            ? grant.ToString() switch
            {
                ByAssertion => Assertion.Mistake(
                    form.GetValueOrDefault("assertion").ToString(),
                    simulation.Options.ServiceAccountKey,
                    simulation.Now
                ),
                ByRefresh => form.ContainsKey(ByRefresh) && form.ContainsKey("client_id")
                    ? null
                    : "refresh_token or client_id is missing.",
                _ => "unsupported",
            }
            : "unsupported";
        if (mistake is not null)
            return mistake == "unsupported"
                ? Refuse("unsupported_grant_type", $"Invalid grant_type: {grant}")
                : Refuse("invalid_grant", mistake);

        var life = simulation.Options.TokenLife;
        var token = simulation.Tokens.HandOut(simulation.Now + life);
        return call.Whole(
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteString("access_token", token);
                json.WriteNumber("expires_in", (long)life.TotalSeconds);
                json.WriteString("token_type", "Bearer");
                json.WriteEndObject();
            })
        );
    }

    private static Reply Refuse(string error, string description) =>
        GoogleOAuth.Instance.Refuse(new(400, description, Code: error));
}
