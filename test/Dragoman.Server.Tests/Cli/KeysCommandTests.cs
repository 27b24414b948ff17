using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

public sealed class KeysCommandTests
{
    [Fact]
    public async Task Create_WhereNoServerRuns_MakesTheFirstInTheDatabaseOfThisMachine()
    {
        using var folder = new TemporaryFolder();
        var line = new CommandLine { IsShown = true }.With("DRAGOMAN_DATA", folder.Path);

        var small = await line.RunAsync("keys", "create", "app");
        small.Code.ShouldNotBe(0);
        small.Error.ShouldContain("admin");
        var made = await line.RunAsync("keys", "create", "root", "--role", "admin");

        made.Code.ShouldBe(0, made.Error);
        var secret = made.Out.Trim();
        secret.ShouldStartWith("sk-dm-");
        made.Error.ShouldContain("shown this once");
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
            options with
            {
                Host = "0.0.0.0",
                Environment = name => name == "DRAGOMAN_DATA" ? folder.Path : null,
            }
        );
        using var answer = await server.GetAsync("/v1/models", ("x-api-key", secret));
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Create_OnAServer_SaysEverythingOfTheKey()
    {
        await using var server = await ServerUnderTest.StartAsync("dk-admin");
        foreach (
            var (what, body) in ((string, string)[])
                [
                    ("users", """{"id":"ann","name":"Ann","role":"member"}"""),
                    ("teams", """{"id":"red","name":"Red"}"""),
                    ("workspaces", """{"id":"legal","name":"Legal"}"""),
                ]
        )
        {
            using var answer = await server.PostAsync(
                "/api/admin/" + what,
                body,
                ("x-api-key", "dk-admin")
            );
            answer.IsSuccessStatusCode.ShouldBeTrue();
        }
        var line = LineTo(server);

        var made = await line.RunAsync(
            "keys",
            "create",
            "back end",
            "--role",
            "member",
            "--user",
            "ann",
            "--team",
            "red",
            "--workspace",
            "legal",
            "--tier",
            "gold",
            "--tag",
            "a",
            "--tag",
            "b",
            "--model",
            "openai/*",
            "--model",
            "gpt-4o",
            "--provider",
            "openai",
            "--route",
            "fast",
            "--ip",
            "10.0.0.0/8",
            "--expires",
            "30d",
            "--meta",
            "cost centre=4711",
            "--json"
        );

        made.Code.ShouldBe(0, made.Error);
        var key = JsonDocument.Parse(made.Out).RootElement;
        key.GetProperty("secret").GetString()!.ShouldStartWith("sk-dm-");
        key.GetProperty("role").GetString().ShouldBe("member");
        key.GetProperty("models").GetArrayLength().ShouldBe(2);
        key.GetProperty("allowed_ips")[0].GetString().ShouldBe("10.0.0.0/8");
        key.GetProperty("metadata").GetProperty("cost centre").GetString().ShouldBe("4711");
        (
            key.GetProperty("expires_at").GetDateTimeOffset() - DateTimeOffset.UtcNow
        ).TotalDays.ShouldBe(30, 0.1);
    }

    [Fact]
    public async Task ListRotateRevoke_OnAServer_DoSo()
    {
        await using var server = await ServerUnderTest.StartAsync("dk-admin");
        var line = LineTo(server);
        var secret = (await line.RunAsync("keys", "create", "app")).Out.Trim();
        var listed = await line.RunAsync("keys", "list", "--json");
        var id = JsonDocument
            .Parse(listed.Out)
            .RootElement.GetProperty("data")[0]
            .GetProperty("id")
            .GetString()!;

        var rotated = await LineTo(server, isShown: true)
            .RunAsync("keys", "rotate", id, "--grace", "1h");
        rotated.Code.ShouldBe(0, rotated.Error);
        rotated.Out.Trim().ShouldNotBe(secret);
        rotated.Error.ShouldContain("old one counts until");
        using (var old = await server.GetAsync("/v1/models", ("x-api-key", secret)))
            old.IsSuccessStatusCode.ShouldBeTrue();

        (await line.RunAsync("keys", "revoke", id)).Out.ShouldContain("is revoked");
        using (var old = await server.GetAsync("/v1/models", ("x-api-key", secret)))
            (await old.ErrorCodeAsync()).ShouldBe("key_revoked");
        var table = await line.RunAsync("keys", "list");
        table.Out.ShouldContain(id);
        table.Out.ShouldContain("revoked");
        table.Out.ShouldNotContain(secret[6..20]);
        (await line.RunAsync("keys", "list", "--status", "active")).Out.ShouldNotContain(id);
        (await line.RunAsync("keys", "revoke", "key_none")).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData("--expires", "soon")]
    [InlineData("--expires", "30")]
    [InlineData("--meta", "nothing")]
    [InlineData("--role", "root")]
    public async Task Create_WhatMakesNoSense_IsRefused(string option, string value)
    {
        using var folder = new TemporaryFolder();
        var line = new CommandLine().With("DRAGOMAN_DATA", folder.Path);

        var ran = await line.RunAsync("keys", "create", "x", option, value);

        ran.Code.ShouldBe(2, ran.Out);
        ran.Error.ShouldContain($"{option} is '{value}'");
    }

    private static CommandLine LineTo(ServerUnderTest server, bool isShown = false) =>
        new CommandLine { IsShown = isShown }
            .With("DRAGOMAN_URL", server.Server.Address.ToString())
            .With("DRAGOMAN_API_KEY", "dk-admin");
}
