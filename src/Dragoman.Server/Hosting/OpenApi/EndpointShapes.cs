using Dragoman.Administration;
using Dragoman.Configuration.Stored;
using Dragoman.Native;

namespace Dragoman.Server.Hosting.OpenApi;

/// <summary>The shapes of operations: of ours by the types that are written, of dialects by a link to their vendor's reference.</summary>
internal static class EndpointShapes
{
    private static readonly string[] Paged = ["after", "limit"];

    private static readonly Dictionary<string, EndpointShape> Said = All()
        .ToDictionary(static one => one.Operation, static one => one.Shape, StringComparer.Ordinal);

    /// <summary>Where the vendors document what their clients send (seen 2026-11).</summary>
    private static readonly (string Prefix, string Reference)[] References =
    [
        ("/v1/chat/", "https://platform.openai.com/docs/api-reference/chat"),
        ("/v1/embeddings", "https://platform.openai.com/docs/api-reference/embeddings"),
        ("/v1/responses", "https://platform.openai.com/docs/api-reference/responses"),
        ("/v1/messages", "https://docs.anthropic.com/en/api/messages"),
        ("/v1/models", "https://platform.openai.com/docs/api-reference/models"),
        ("/v1beta/", "https://ai.google.dev/api"),
        ("/api/llm/", ""),
        ("/api/admin/", ""),
        ("/api/", "https://docs.ollama.com/api"),
    ];

    public static EndpointShape Of(EndpointRow row)
    {
        if (Said.TryGetValue($"{row.Method} {row.Pattern}", out var shape))
            return shape;
        foreach (var (prefix, reference) in References)
            if (row.Pattern.StartsWith(prefix, StringComparison.Ordinal))
                return reference.Length == 0
                    ? EndpointShape.Unsaid
                    : new EndpointShape { Reference = reference };
        return EndpointShape.Unsaid;
    }

    private static IEnumerable<(string Operation, EndpointShape Shape)> All() =>
        [.. Operations(), .. Native(), .. Configured(), .. Administered()];

    private static IEnumerable<(string, EndpointShape)> Operations()
    {
        yield return ("GET /metrics", Text("text/plain"));
        yield return ("GET /", Text("text/plain"));
        yield return ("GET /docs", Text("text/html"));
        yield return ("GET /docs/{file}", Text("application/octet-stream"));
        yield return ("GET /openapi/v1.json", new EndpointShape());
    }

    private static IEnumerable<(string, EndpointShape)> Native()
    {
        var asked = QueryReader.Members;
        yield return (
            "POST /api/llm/query",
            new EndpointShape
            {
                RequestMembers = asked,
                Response = CompletionJson.Default.CompletionReply,
            }
        );
        yield return (
            "POST /api/llm/classify",
            new EndpointShape
            {
                RequestMembers = asked,
                Response = ClassificationJson.Default.ClassificationInfo,
            }
        );
        yield return (
            "POST /api/llm/route",
            new EndpointShape { RequestMembers = asked, Response = RouteJson.Default.RouteInfo }
        );
        yield return (
            "POST /api/llm/recommend",
            new EndpointShape
            {
                RequestMembers = ["task_description", "constraints"],
                Response = RecommendationJson.Default.RecommendationReply,
            }
        );
        yield return (
            "POST /api/llm/compare",
            new EndpointShape
            {
                RequestMembers = [.. asked, "models"],
                Response = ComparisonJson.Default.ComparisonReply,
            }
        );
        yield return (
            "POST /api/llm/feedback",
            new EndpointShape
            {
                RequestMembers = ["request_id", "score", "thumb", "comment"],
                Response = FeedbackJson.Default.FeedbackReply,
            }
        );
        yield return (
            "GET /api/llm/models",
            new EndpointShape
            {
                Response = ModelsJson.Default.ModelList,
                Query =
                [
                    "capability",
                    "provider",
                    "max_cost_per_1k",
                    "min_context",
                    "local",
                    "sort",
                ],
            }
        );
        foreach (var which in (string[])["cheapest", "fastest", "best", "{**name}"])
            yield return (
                "GET /api/llm/models/" + which,
                new EndpointShape { Response = ModelsJson.Default.ModelDetails }
            );
        yield return (
            "GET /api/llm/chains",
            new EndpointShape
            {
                Response = ChainsJson.Default.FallbackChainInfo,
                Query = ["primary", "strategy", "capability"],
            }
        );
        yield return (
            "GET /api/llm/health",
            new EndpointShape
            {
                Response = HealthJson.Default.HealthInfo,
                Query = ["now", "provider"],
            }
        );
        yield return (
            "GET /api/llm/requests",
            new EndpointShape { Response = RequestsJson.Default.RequestPage, Query = Paged }
        );
        yield return (
            "GET /api/llm/stats",
            new EndpointShape { Response = StatsJson.Default.StatsReport, Query = ["by"] }
        );
        yield return (
            "GET /api/llm/usage",
            new EndpointShape
            {
                Response = UsageJson.Default.UsageReport,
                Query = ["by", "period", "days", "from", "to", "workspace_id", "model", "provider"],
            }
        );
    }

    /// <summary>What every kind of configured thing has in common. Its own fields are those of the file, by the guide.</summary>
    private static IEnumerable<(string, EndpointShape)> Configured()
    {
        foreach (var kind in ConfigKind.All)
        {
            var address = Admin.ConfigEntriesApi.AddressOf(kind);
            yield return ("GET " + address, new EndpointShape { Query = Paged });
            yield return ("POST " + address, new EndpointShape { Status = 201 });
            yield return ("PUT " + address + "/{id}", new EndpointShape { IfMatch = true });
            yield return ("DELETE " + address + "/{id}", new EndpointShape { IfMatch = false });
        }
    }

    private static IEnumerable<(string, EndpointShape)> Administered()
    {
        var config = ConfigurationJson.Default;
        yield return (
            "POST /api/admin/providers/{id}/test",
            new EndpointShape { Response = config.ProviderTest, IsBodyless = true }
        );
        yield return (
            "GET /api/admin/providers/{id}/discover",
            new EndpointShape { Response = config.ProviderDiscovery }
        );
        yield return (
            "POST /api/admin/providers/{id}/discover",
            new EndpointShape
            {
                Request = config.ModelsToTake,
                Response = config.ConfigurationChanged,
            }
        );
        yield return (
            "GET /api/admin/models/templates",
            new EndpointShape { Response = config.AdminListModelTemplate, Query = Paged }
        );
        yield return (
            "POST /api/admin/chains/{id}/simulate",
            new EndpointShape
            {
                RequestMembers = QueryReader.Members,
                Response = RouteJson.Default.RouteInfo,
            }
        );
        yield return (
            "GET /api/admin/config/versions",
            new EndpointShape { Response = config.AdminListConfigurationVersion, Query = Paged }
        );
        yield return (
            "GET /api/admin/config/versions/{n}",
            new EndpointShape { Response = config.ConfigurationVersion, Query = ["against"] }
        );
        yield return (
            "POST /api/admin/config/versions/{n}/rollback",
            new EndpointShape { Response = config.ConfigurationChanged, IsBodyless = true }
        );
        yield return (
            "GET /api/admin/config/export",
            new EndpointShape { ContentType = "application/yaml", Query = ["all"] }
        );
        yield return (
            "POST /api/admin/config/import",
            new EndpointShape
            {
                Response = config.ConfigurationChanged,
                Query = ["dry_run", "replace"],
            }
        );
        yield return (
            "POST /api/admin/routing/simulate",
            new EndpointShape { Response = SimulationJson.Default.RoutingSimulation }
        );
        var keys = KeysJson.Default;
        yield return (
            "GET /api/admin/keys",
            new EndpointShape
            {
                Response = keys.KeyPage,
                Query = [.. Paged, "status", "role", "user_id", "team_id", "workspace_id", "name"],
            }
        );
        yield return (
            "POST /api/admin/keys",
            new EndpointShape { Response = keys.NewKeyInfo, Status = 201 }
        );
        yield return ("GET /api/admin/keys/{id}", new EndpointShape { Response = keys.KeyInfo });
        yield return (
            "PUT /api/admin/keys/{id}",
            new EndpointShape { Response = keys.KeyInfo, IfMatch = true }
        );
        yield return (
            "POST /api/admin/keys/{id}/rotate",
            new EndpointShape { Response = keys.NewKeyInfo }
        );
        yield return (
            "POST /api/admin/keys/{id}/revoke",
            new EndpointShape { Response = keys.KeyInfo, IsBodyless = true }
        );
    }

    private static EndpointShape Text(string contentType) => new() { ContentType = contentType };
}
