using System.Collections.Frozen;
using Dragoman.Access;

namespace Dragoman.Server.Hosting;

/// <summary>
/// Every operation that the server answers and what it asks of who calls it: the one table. A mapped address that is not in it keeps
/// the server from starting, so that none is ever left unguarded.
/// </summary>
internal static class EndpointTable
{
    public static readonly IReadOnlyList<EndpointRow> Rows =
    [
        // Operations
        new("GET", "/health/live", Permission.Anyone, "Whether the process answers"),
        new("GET", "/health/ready", Permission.Anyone, "Whether new work may be sent here"),
        new("GET", "/metrics", Permission.ReadMetrics, "Metrics in Prometheus' text format"),
        new(
            "GET",
            "/openapi/v1.json",
            Permission.AnyCaller,
            "Describes everything that is answered here"
        ),
        new("GET", "/docs", Permission.Anyone, "The same as a page on which it can be tried"),
        new("GET", "/docs/{file}", Permission.Anyone, "A file of that page"),
        new("GET", "/", Permission.AnyCaller, "Says that it runs, as Ollama does"),
        new("*", "/{**path}", Permission.AnyCaller, "Says that nothing answers there"),
        // OpenAI
        new("POST", "/v1/chat/completions", Permission.CallModels, "Asks for a chat completion"),
        new("POST", "/v1/embeddings", Permission.CallModels, "Asks for embeddings"),
        new("GET", "/v1/models", Permission.SeeModels, "Names that can be called"),
        new("GET", "/v1/models/{**id}", Permission.SeeModels, "One name that can be called"),
        new("*", "/v1/{**rest}", Permission.AnyCaller, "Says that nothing answers there"),
        new("POST", "/v1/responses", Permission.CallModels, "Asks for a response"),
        new(
            "POST",
            "/v1/responses/input_tokens",
            Permission.CallModels,
            "Counts a request's tokens"
        ),
        new(
            "POST",
            "/v1/responses/compact",
            Permission.CallModels,
            "Refuses to compact a conversation"
        ),
        new("GET", "/v1/responses/{id}", Permission.CallModels, "A response that is kept"),
        new("DELETE", "/v1/responses/{id}", Permission.CallModels, "Forgets a response"),
        new(
            "GET",
            "/v1/responses/{id}/input_items",
            Permission.CallModels,
            "What a response was made from"
        ),
        new(
            "POST",
            "/v1/responses/{id}/cancel",
            Permission.CallModels,
            "Refuses to cancel a response"
        ),
        // Anthropic
        new("POST", "/v1/messages", Permission.CallModels, "Asks for a message"),
        new(
            "POST",
            "/v1/messages/count_tokens",
            Permission.CallModels,
            "Counts a request's tokens"
        ),
        new("*", "/v1/messages/{**rest}", Permission.AnyCaller, "Says that nothing answers there"),
        // Gemini
        new("POST", "/v1beta/{**rest}", Permission.CallModels, "Asks a model, as the address ends"),
        new(
            "POST",
            "/v1/models/{**rest}",
            Permission.CallModels,
            "Asks a model, as the address ends"
        ),
        new("GET", "/v1beta/models", Permission.SeeModels, "Names that can be called"),
        new("GET", "/v1beta/models/{**rest}", Permission.SeeModels, "One name that can be called"),
        new("*", "/v1beta/{**rest}", Permission.AnyCaller, "Says that nothing answers there"),
        // Ollama
        new("POST", "/api/chat", Permission.CallModels, "Asks for a chat answer"),
        new("POST", "/api/generate", Permission.CallModels, "Asks for a completion"),
        new("POST", "/api/embed", Permission.CallModels, "Asks for embeddings"),
        new("POST", "/api/embeddings", Permission.CallModels, "Asks for one embedding"),
        new("GET", "/api/tags", Permission.SeeModels, "Names that can be called"),
        new("POST", "/api/show", Permission.SeeModels, "What one of them is"),
        new("GET", "/api/ps", Permission.SeeModels, "Models that are loaded"),
        new("GET", "/api/version", Permission.SeeModels, "Ollama's version that this stands for"),
        .. OllamaKeeping(),
        // Native
        new("POST", "/api/llm/query", Permission.CallModels, "Asks the best model"),
        new(
            "POST",
            "/api/llm/classify",
            Permission.CallModels,
            "Names a prompt's task and difficulty"
        ),
        new("POST", "/api/llm/route", Permission.CallModels, "Explains who would be asked"),
        new("POST", "/api/llm/recommend", Permission.CallModels, "Ranks models for a task"),
        new("POST", "/api/llm/compare", Permission.CallModels, "Asks several models the same"),
        new("POST", "/api/llm/feedback", Permission.CallModels, "Says how good an answer was"),
        new("GET", "/api/llm/models", Permission.SeeModels, "Models with prices and abilities"),
        new("GET", "/api/llm/models/cheapest", Permission.SeeModels, "The cheapest model"),
        new("GET", "/api/llm/models/fastest", Permission.SeeModels, "The fastest model"),
        new("GET", "/api/llm/models/best", Permission.SeeModels, "The best model"),
        new("GET", "/api/llm/models/{**name}", Permission.SeeModels, "One model"),
        new("GET", "/api/llm/chains", Permission.SeeModels, "The chain that would be tried"),
        new("GET", "/api/llm/health", Permission.SeeModels, "How the providers are"),
        new("GET", "/api/llm/requests", Permission.ReadUsage, "Usage records"),
        new("GET", "/api/llm/requests/{id}", Permission.ReadUsage, "One usage record, whole"),
        new(
            "GET",
            "/api/llm/stats",
            Permission.ReadMetrics,
            "Figures since the start and of the last hour"
        ),
        new("GET", "/api/llm/usage", Permission.ReadUsage, "Cost, tokens and calls over a time"),
        new("GET", "/api/llm/budgets", Permission.ReadUsage, "Budgets that one's calls count in"),
        // Signing in
        new("POST", "/api/sessions", Permission.Anyone, "Signs in: opens a session"),
        new("GET", "/api/sessions", Permission.AnyCaller, "One's own sessions"),
        new("DELETE", "/api/sessions/{id}", Permission.AnyCaller, "Ends one of one's own sessions"),
        new(
            "GET",
            "/api/sessions/current",
            Permission.AnyCaller,
            "Who one is, and what one may do"
        ),
        new("DELETE", "/api/sessions/current", Permission.AnyCaller, "Signs out"),
        new(
            "POST",
            "/api/sessions/current/password",
            Permission.AnyCaller,
            "Changes one's own password"
        ),
        // Administration
        .. ConfigurationRows.All(),
        new(
            "GET",
            "/api/admin/budgets/{id}/state",
            Permission.ReadSpending,
            "How a budget stands, spent and reserved apart"
        ),
        new("GET", "/api/admin/keys", Permission.ReadAccess, "Keys that clients hold"),
        new("POST", "/api/admin/keys", Permission.ManageAccess, "Makes a key"),
        new("GET", "/api/admin/keys/{id}", Permission.ReadAccess, "One key"),
        new("PUT", "/api/admin/keys/{id}", Permission.ManageAccess, "Changes a key"),
        new("DELETE", "/api/admin/keys/{id}", Permission.ManageAccess, "Deletes a key"),
        new(
            "POST",
            "/api/admin/keys/{id}/rotate",
            Permission.ManageAccess,
            "Gives a key another secret"
        ),
        new("POST", "/api/admin/keys/{id}/revoke", Permission.ManageAccess, "Ends a key for ever"),
        new(
            "GET",
            "/api/admin/limits/{id}/state",
            Permission.ReadSpending,
            "What is used of a limit now"
        ),
        new(
            "POST",
            "/api/admin/routing/simulate",
            Permission.ReadConfiguration,
            "What other rules or prices would have chosen"
        ),
        .. People("users", "user"),
        new("POST", "/api/admin/users/{id}/password", Permission.ManagePeople, "Sets a password"),
        .. People("teams", "team"),
        .. People("workspaces", "workspace"),
        new("GET", "/api/admin/sessions", Permission.ReadPeople, "Who is signed in"),
        new("GET", "/api/admin/sessions/{id}", Permission.ReadPeople, "One session"),
        new("DELETE", "/api/admin/sessions/{id}", Permission.ManagePeople, "Ends a session"),
        new("GET", "/api/admin/audit", Permission.ReadAudit, "Who did what, newest first"),
        new("GET", "/api/admin/audit/export", Permission.ReadAudit, "The audit trail as a file"),
        new(
            "GET",
            "/api/admin/audit/verify",
            Permission.ReadAudit,
            "Whether the audit trail is whole"
        ),
    ];

    private static readonly FrozenDictionary<string, EndpointNeeds> ByPattern = Rows.GroupBy(
            static row => row.Pattern,
            StringComparer.Ordinal
        )
        .ToFrozenDictionary(
            static rows => rows.Key,
            static rows => new EndpointNeeds([.. rows]),
            StringComparer.Ordinal
        );

    /// <summary>What a mapped address asks.</summary>
    /// <exception cref="InvalidOperationException">It is not in the table.</exception>
    public static EndpointNeeds Of(string pattern) =>
        ByPattern.GetValueOrDefault(pattern)
        ?? throw new InvalidOperationException(
            $"'{pattern}' is mapped, but EndpointTable does not say what it asks of its callers."
        );

    private static IEnumerable<EndpointRow> People(string things, string thing) =>
        [
            new("GET", $"/api/admin/{things}", Permission.ReadPeople, $"The {things} there are"),
            new("POST", $"/api/admin/{things}", Permission.ManagePeople, $"Makes a {thing}"),
            new("GET", $"/api/admin/{things}/{{id}}", Permission.ReadPeople, $"One {thing}"),
            new(
                "PUT",
                $"/api/admin/{things}/{{id}}",
                Permission.ManagePeople,
                $"Changes a {thing}"
            ),
            new(
                "DELETE",
                $"/api/admin/{things}/{{id}}",
                Permission.ManagePeople,
                $"Deletes a {thing}"
            ),
        ];

    private static IEnumerable<EndpointRow> OllamaKeeping() =>
        Inference.OllamaEndpoints.Keeping.Select(static address => new EndpointRow(
            "*",
            address + "/{**rest}",
            Permission.CallModels,
            "Refuses to keep models"
        ));
}
