using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Server.Hosting;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Admin;

/// <summary>
/// Every operation of the administration that changes something, done once as it should be, leaves an entry in the audit trail that
/// says who, what, and how it was and is. An operation that is not in <see cref="Changes"/> fails here by name.
/// </summary>
public sealed class EveryChangeIsAuditedTests
{
    private const string Key = "dk-correct-horse-battery";

    /// <summary>A change: what must be there before, where it goes, what it says, and what the trail must call it.</summary>
    private sealed record Change(
        string Operation,
        Func<World, Task<string>> Path,
        string? Body,
        string Action,
        bool NeedsMark = false
    );

    /// <summary>Change nothing: they read with a body, or ask somebody.</summary>
    private static readonly string[] Readings =
    [
        "POST /api/admin/routing/simulate",
        "POST /api/admin/chains/{id}/simulate",
        "POST /api/admin/providers/{id}/test",
    ];

    /// <summary>An entry of each kind of configuration: how it is made, and what it is changed to.</summary>
    private static readonly (string Kind, string Noun, string Made, string Changed)[] Configured =
    [
        (
            "providers",
            "provider",
            """{"id":"*","dialect":"openai","base_url":"http://127.0.0.1:1/v1","allow_private":true,"api_key":"sk-canary-provider-1"}""",
            """{"dialect":"openai","base_url":"http://127.0.0.1:2/v1","allow_private":true,"api_key":"sk-canary-provider-2"}"""
        ),
        (
            "models",
            "deployment",
            """{"name":"*","provider":"sim","model":"m"}""",
            """{"provider":"sim","model":"m","priority":7}"""
        ),
        ("aliases", "alias", """{"id":"*","target":"sim/swift"}""", """{"target":"sim/sage"}"""),
        ("chains", "chain", """{"id":"*","models":["sim/swift"]}""", """{"models":["sim/sage"]}"""),
        ("agents", "agent", """{"id":"*","model":"sim/swift"}""", """{"model":"sim/sage"}"""),
        (
            "rules",
            "rule",
            """{"name":"*","when":{"task_type":"code"},"target":"sim/swift"}""",
            """{"when":{"task_type":"math"},"target":"sim/swift"}"""
        ),
        ("routes", "route", """{"id":"*","models":["sim/swift"]}""", """{"models":["sim/sage"]}"""),
        (
            "limits",
            "limit",
            """{"id":"*","key":"*","concurrent":9}""",
            """{"key":"*","concurrent":8}"""
        ),
        (
            "budgets",
            "budget",
            """{"id":"*","amount":5,"window":"day"}""",
            """{"amount":6,"window":"day"}"""
        ),
        (
            "guardrails",
            "guardrail",
            """{"id":"*","limits":{"messages":9}}""",
            """{"limits":{"messages":8}}"""
        ),
    ];

    private static readonly Change[] Changes =
    [
        new(
            "POST /api/admin/users",
            At("/api/admin/users"),
            """{"name":"New","role":"member"}""",
            "user.create"
        ),
        new(
            "PUT /api/admin/users/{id}",
            static world => world.UserAsync(),
            """{"name":"Other","role":"member"}""",
            "user.update",
            NeedsMark: true
        ),
        new("DELETE /api/admin/users/{id}", static world => world.UserAsync(), null, "user.delete"),
        new(
            "POST /api/admin/users/{id}/password",
            static async world => await world.UserAsync() + "/password",
            """{"password":"canary-password-1"}""",
            "user.password"
        ),
        new(
            "POST /api/admin/teams",
            At("/api/admin/teams"),
            """{"id":"new","name":"New"}""",
            "team.create"
        ),
        new(
            "PUT /api/admin/teams/{id}",
            static world => world.MadeAsync("teams"),
            """{"name":"Other"}""",
            "team.update",
            NeedsMark: true
        ),
        new(
            "DELETE /api/admin/teams/{id}",
            static world => world.MadeAsync("teams"),
            null,
            "team.delete"
        ),
        new(
            "POST /api/admin/workspaces",
            At("/api/admin/workspaces"),
            """{"id":"new","name":"New"}""",
            "workspace.create"
        ),
        new(
            "PUT /api/admin/workspaces/{id}",
            static world => world.MadeAsync("workspaces"),
            """{"name":"Other"}""",
            "workspace.update",
            NeedsMark: true
        ),
        new(
            "DELETE /api/admin/workspaces/{id}",
            static world => world.MadeAsync("workspaces"),
            null,
            "workspace.delete"
        ),
        new(
            "DELETE /api/admin/sessions/{id}",
            static world => world.SessionAsync(),
            null,
            "session.delete"
        ),
        new(
            "POST /api/admin/keys",
            At("/api/admin/keys"),
            """{"name":"new","role":"member"}""",
            "key.create"
        ),
        new(
            "PUT /api/admin/keys/{id}",
            static world => world.MadeAsync("keys"),
            """{"name":"other","role":"member"}""",
            "key.update",
            NeedsMark: true
        ),
        new(
            "DELETE /api/admin/keys/{id}",
            static world => world.MadeAsync("keys"),
            null,
            "key.delete"
        ),
        new(
            "POST /api/admin/keys/{id}/rotate",
            static async world => await world.MadeAsync("keys") + "/rotate",
            "{}",
            "key.rotate"
        ),
        new(
            "POST /api/admin/keys/{id}/revoke",
            static async world => await world.MadeAsync("keys") + "/revoke",
            "{}",
            "key.revoke"
        ),
        .. Configured.SelectMany(static one =>
            (Change[])
                [
                    new(
                        $"POST /api/admin/{one.Kind}",
                        At($"/api/admin/{one.Kind}"),
                        Named(one.Made, "first-of-" + one.Kind),
                        one.Noun + ".create"
                    ),
                    new(
                        $"PUT /api/admin/{one.Kind}/{{id}}",
                        world => world.ConfiguredAsync(one.Kind, one.Made),
                        one.Changed,
                        one.Noun + ".update",
                        NeedsMark: true
                    ),
                    new(
                        $"DELETE /api/admin/{one.Kind}/{{id}}",
                        world => world.ConfiguredAsync(one.Kind, one.Made),
                        null,
                        one.Noun + ".delete"
                    ),
                ]
        ),
        new(
            "PUT /api/admin/settings/{id}",
            At("/api/admin/settings/defaults"),
            """{"strategy":"balanced"}""",
            "settings.create",
            NeedsMark: true
        ),
        new(
            "DELETE /api/admin/settings/{id}",
            At("/api/admin/settings/defaults"),
            null,
            "settings.delete"
        ),
        new(
            "PUT /api/admin/alerts/{id}",
            At("/api/admin/alerts/alerts"),
            """{"webhook":{"url":"https://hooks.example/a","secret":"hush-canary-secret"}}""",
            "alerts.create",
            NeedsMark: true
        ),
        new("DELETE /api/admin/alerts/{id}", At("/api/admin/alerts/alerts"), null, "alerts.delete"),
        new(
            "POST /api/admin/providers/{id}/discover",
            At("/api/admin/providers/sim/discover"),
            """{"models":["coder"]}""",
            "deployment.create"
        ),
        new(
            "POST /api/admin/config/import",
            At("/api/admin/config/import"),
            "aliases: { taken-over: sim/swift }\n",
            "configuration.import"
        ),
        new(
            "POST /api/admin/config/versions/{n}/rollback",
            At("/api/admin/config/versions/1/rollback"),
            "{}",
            "configuration.rollback"
        ),
    ];

    /// <summary>The body with an id in the place that was left for it.</summary>
    private static string Named(string body, string id) =>
        body.Replace("{\"id\":\"*\"", $"{{\"id\":\"{id}\"", StringComparison.Ordinal)
            .Replace("{\"name\":\"*\"", $"{{\"name\":\"{id}\"", StringComparison.Ordinal);

    [Fact]
    public async Task EveryChange_OfTheAdministration_LeavesAnEntry()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerUnderTest.StartAsync(
            Key,
            ServerUnderTest.ConfigOf(simulator)
        );
        var world = new World(server);
        var wrong = Operations(server)
            .Except(Readings)
            .Except(Changes.Select(static change => change.Operation))
            .Select(static operation => $"{operation}: this test does not know how to do it")
            .ToList();
        foreach (var change in Changes)
            if (await TryAsync(world, change) is { } trouble)
                wrong.Add($"{change.Operation}: {trouble}");

        wrong.ShouldBeEmpty();
        var check = await world.GetAsync("/api/admin/audit/verify");
        check.GetProperty("whole").GetBoolean().ShouldBeTrue(check.ToString());
        // No secret that was sent is in the trail: all have that word.
        (await world.TextAsync("/api/admin/audit/export")).ShouldNotContain("canary");
    }

    private static async Task<string?> TryAsync(World world, Change change)
    {
        var (method, path) = (change.Operation.Split(' ')[0], await change.Path(world));
        var before = await world.LastNumberAsync();
        using var answer = await world.SendAsync(
            new HttpMethod(method),
            path,
            change.Body,
            change.NeedsMark ? [("If-Match", await world.MarkAsync(path))] : []
        );
        if (!answer.IsSuccessStatusCode)
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        var entries = (await world.GetAsync("/api/admin/audit"))
            .GetProperty("data")
            .EnumerateArray()
            .Where(entry => entry.GetProperty("number").GetInt64() > before)
            .ToList();
        if (entries.Count == 0)
            return "left no entry";
        if (!entries.Exists(entry => entry.GetProperty("action").GetString() == change.Action))
            return $"is called {entries[0].GetProperty("action").GetString()} in the trail";
        if (
            entries.Exists(static entry =>
                entry.GetProperty("who").GetString() != "admin"
                || entry.GetProperty("address").ValueKind != JsonValueKind.String
                || entry.GetProperty("subject").ValueKind != JsonValueKind.String
            )
        )
            return $"does not say who did it from where to what: {entries[0]}";
        var (was, now) = (Any("before"), Any("after"));
        return change.Action.Split('.')[1] switch
        {
            "delete" when !was => "does not say what was deleted",
            "update" when !was || !now => "does not say how it was and is",
            "rollback" when !was && !now => "does not say what is different",
            not "delete" and not "rollback" when !now => "does not say how it is",
            _ => null,
        };

        bool Any(string member) =>
            entries.Exists(entry => entry.GetProperty(member).ValueKind != JsonValueKind.Null);
    }

    private static IEnumerable<string> Operations(ServerUnderTest server) =>
        server
            .Server.Endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint =>
                endpoint.RoutePattern.RawText!.StartsWith("/api/admin/", StringComparison.Ordinal)
            )
            .SelectMany(static endpoint => endpoint.Metadata.GetMetadata<EndpointNeeds>()!.Rows)
            .Where(static row => row.Method != "GET")
            .Select(static row => $"{row.Method} {row.Pattern}");

    private static Func<World, Task<string>> At(string path) => _ => Task.FromResult(path);

    /// <summary>What changes can be made to.</summary>
    private sealed class World(ServerUnderTest server)
    {
        private int _count;

        public Task<string> UserAsync() => MadeAsync("users");

        /// <summary>The address of something new of that kind.</summary>
        public async Task<string> MadeAsync(string kind)
        {
            using var made = await SendAsync(
                HttpMethod.Post,
                "/api/admin/" + kind,
                kind is "users" or "keys"
                    ? $$"""{"name":"thing {{++_count}}","role":"member"}"""
                    : $$"""{"name":"thing {{++_count}}"}"""
            );
            made.StatusCode.ShouldBe(
                HttpStatusCode.Created,
                await made.Content.ReadAsStringAsync()
            );
            return made.Headers.Location!.ToString();
        }

        /// <summary>The address of a new entry of the configuration.</summary>
        public async Task<string> ConfiguredAsync(string kind, string body)
        {
            using var made = await SendAsync(
                HttpMethod.Post,
                "/api/admin/" + kind,
                Named(body, $"thing-{++_count}")
            );
            made.StatusCode.ShouldBe(
                HttpStatusCode.Created,
                await made.Content.ReadAsStringAsync()
            );
            return made.Headers.Location!.ToString();
        }

        public async Task<string> SessionAsync()
        {
            using var opened = await SendAsync(
                HttpMethod.Post,
                "/api/sessions",
                $$"""{"key":"{{Key}}"}"""
            );
            return "/api/admin/sessions/"
                + (await opened.JsonAsync()).GetProperty("id").GetString();
        }

        public async Task<string> MarkAsync(string path)
        {
            using var answer = await SendAsync(HttpMethod.Get, path, null);
            return answer.Headers.ETag!.ToString();
        }

        public async Task<long> LastNumberAsync() =>
            (await GetAsync("/api/admin/audit?limit=1"))
                .GetProperty("data")
                .EnumerateArray()
                .Select(static entry => entry.GetProperty("number").GetInt64())
                .FirstOrDefault();

        public async Task<JsonElement> GetAsync(string path)
        {
            using var answer = await SendAsync(HttpMethod.Get, path, null);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return await answer.JsonAsync();
        }

        public async Task<string> TextAsync(string path)
        {
            using var answer = await SendAsync(HttpMethod.Get, path, null);
            return await answer.Content.ReadAsStringAsync();
        }

        public Task<HttpResponseMessage> SendAsync(
            HttpMethod method,
            string path,
            string? body,
            params (string, string)[] headers
        ) =>
            server.SendAsync(
                method,
                path,
                body is null ? null : new StringContent(body, Encoding.UTF8, ServerUnderTest.Json),
                [("x-api-key", Key), .. headers]
            );
    }
}
