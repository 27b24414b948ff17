using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Shouldly;

namespace Dragoman.Server.Tests.SignIn;

/// <summary>Somebody who signed in: their cookie and token, and what they send with them.</summary>
internal sealed class SignedIn
{
    public const string Password = "correct horse battery";

    private readonly ServerUnderTest _server;

    private SignedIn(ServerUnderTest server, string cookie, JsonElement told) =>
        (_server, Cookie, Told) = (server, cookie, told);

    /// <summary>As it is sent back: name and secret.</summary>
    public string Cookie { get; }

    /// <summary>What signing in answered.</summary>
    public JsonElement Told { get; }

    public string Token => Told.GetProperty("csrf_token").GetString()!;

    public string Id => Told.GetProperty("id").GetString()!;

    /// <summary>Makes a user with the admin key and signs them in.</summary>
    public static async Task<SignedIn> AsAsync(
        ServerUnderTest server,
        string key,
        string name,
        string role,
        string teams = "[]"
    )
    {
        using var made = await server.PostAsync(
            "/api/admin/users",
            $$"""{"name":"{{name}}","email":"{{name}}@example.com","role":"{{role}}","teams":{{teams}},"password":"{{Password}}"}""",
            ("x-api-key", key)
        );
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return await InAsync(server, name + "@example.com");
    }

    public static Task<SignedIn> InAsync(
        ServerUnderTest server,
        string email,
        string password = Password
    ) => WithAsync(server, $$"""{"email":"{{email}}","password":"{{password}}"}""");

    public static async Task<SignedIn> WithAsync(ServerUnderTest server, string body)
    {
        using var answer = await server.PostAsync("/api/sessions", body);
        answer.StatusCode.ShouldBe(
            HttpStatusCode.Created,
            await answer.Content.ReadAsStringAsync()
        );
        return new SignedIn(server, CookieOf(answer), await answer.JsonAsync());
    }

    public static string CookieOf(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().Split(';')[0];

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<HttpResponseMessage> PostAsync(string path, string body) =>
        SendAsync(HttpMethod.Post, path, body);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? body,
        params (string Name, string Value)[] headers
    ) =>
        await _server.SendAsync(
            method,
            path,
            body is null ? null : new StringContent(body, Encoding.UTF8, ServerUnderTest.Json),
            [("Cookie", Cookie), ("x-dragoman-csrf", Token), .. headers]
        );
}
