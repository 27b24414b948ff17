using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;

namespace Dragoman.Server.Tests.Access;

/// <summary>A server over a simulator, with an admin key to make others with.</summary>
internal sealed class KeyHouse : IAsyncDisposable
{
    private const string Keys = "/api/admin/keys";

    private readonly SimulatorHost _simulator;

    private KeyHouse(SimulatorHost simulator, ServerUnderTest server, string admin) =>
        (_simulator, Server, Admin) = (simulator, server, admin);

    public ServerUnderTest Server { get; }

    /// <summary>A secret that may do everything.</summary>
    public string Admin { get; }

    /// <param name="config">What follows the providers <c>sim</c> and <c>other</c>, which are the simulator both.</param>
    /// <param name="configure">Changes to the options.</param>
    public static async Task<KeyHouse> StartAsync(
        string config = "",
        Func<ServerOptions, ServerOptions>? configure = null
    )
    {
        var simulator = await SimulatorHost.StartAsync();
        var server = await ServerUnderTest.StartAsync(
            config: $$"""
            providers:
              sim: { dialect: openai, base_url: "{{simulator.BaseUrl}}", api_keys: [sk-upstream] }
              other: { dialect: openai, base_url: "{{simulator.BaseUrl}}", api_keys: [sk-upstream] }
            {{config}}
            """,
            configure: configure
        );
        using var first = await server.PostAsync(Keys, """{"name":"root","role":"admin"}""");
        ((int)first.StatusCode).ShouldBe(201);
        var house = new KeyHouse(
            simulator,
            server,
            (await first.JsonAsync()).GetProperty("secret").GetString()!
        );
        foreach (var (what, body) in People)
        {
            using var made = await house.AdminAsync(HttpMethod.Post, "/api/admin/" + what, body);
            ((int)made.StatusCode).ShouldBe(201, await made.Content.ReadAsStringAsync());
        }
        return house;
    }

    /// <summary>Whose keys can be.</summary>
    private static readonly (string What, string Body)[] People =
    [
        ("teams", """{"id":"red","name":"Red"}"""),
        ("teams", """{"id":"blue","name":"Blue"}"""),
        ("workspaces", """{"id":"legal","name":"Legal"}"""),
        ("users", """{"id":"ann","name":"Ann","role":"member","teams":["red"]}"""),
        (
            "users",
            """{"id":"bob","name":"Bob","role":"manager","teams":[{"team_id":"red","manages":true},"blue"]}"""
        ),
        (
            "users",
            """{"id":"cleo","name":"Cleo","role":"manager","teams":[{"team_id":"blue","manages":true}]}"""
        ),
    ];

    /// <summary>Makes a key; <paramref name="more"/> is what the body says beside the name.</summary>
    public async Task<(string Id, string Secret)> MakeAsync(string more = "")
    {
        using var answer = await AdminAsync(
            HttpMethod.Post,
            Keys,
            $$"""{"name":"zebra"{{(more.Length > 0 ? "," + more : "")}}}"""
        );
        var key = await answer.JsonAsync();
        ((int)answer.StatusCode).ShouldBe(201, key.ToString());
        return (key.GetProperty("id").GetString()!, key.GetProperty("secret").GetString()!);
    }

    public async Task<JsonElement> DoAsync(string id, string what, string body = "{}")
    {
        using var answer = await AdminAsync(HttpMethod.Post, $"{Keys}/{id}/{what}", body);
        var key = await answer.JsonAsync();
        ((int)answer.StatusCode).ShouldBe(200, key.ToString());
        return key;
    }

    /// <summary>Gets a key, changes it, and puts it back.</summary>
    public async Task ChangeAsync(string id, Action<JsonObject> change)
    {
        using var got = await AdminAsync(HttpMethod.Get, $"{Keys}/{id}");
        var key = JsonNode.Parse(await got.Content.ReadAsStringAsync())!.AsObject();
        change(key);
        using var put = await Server.SendAsync(
            HttpMethod.Put,
            $"{Keys}/{id}",
            new StringContent(key.ToJsonString(), Encoding.UTF8, "application/json"),
            ("Authorization", "Bearer " + Admin),
            ("If-Match", got.Headers.ETag!.ToString())
        );
        ((int)put.StatusCode).ShouldBe(200, await put.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> AdminAsync(
        HttpMethod method,
        string path,
        string? body = null
    ) => AsAsync(Admin, method, path, body);

    public Task<HttpResponseMessage> AsAsync(
        string secret,
        HttpMethod method,
        string path,
        string? body = null,
        params (string Name, string Value)[] headers
    ) =>
        Server.SendAsync(
            method,
            path,
            body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            [("Authorization", "Bearer " + secret), .. headers]
        );

    /// <summary>Asks a model in OpenAI's dialect.</summary>
    public Task<HttpResponseMessage> AskAsync(
        string secret,
        string model,
        params (string Name, string Value)[] headers
    ) =>
        AsAsync(
            secret,
            HttpMethod.Post,
            "/v1/chat/completions",
            $$"""{"model":{{JsonSerializer.Serialize(model)}},"messages":[{"role":"user","content":"Hi"}]}""",
            headers
        );

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _simulator.DisposeAsync();
    }
}
