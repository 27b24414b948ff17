using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Access;

public sealed class KeysApiTests
{
    private const string Keys = "/api/admin/keys";

    private const string Everything = """
        {"name":"back end","role":"member","user_id":"ann","team_id":"red","workspace_id":"legal","user_tier":"gold","tags":["a"],
         "models":["sim/*"],"providers":["sim"],"routes":["fast"],"allowed_ips":["127.0.0.0/8"],"metadata":{"cost centre":"4711"},
         "expires_at":"2099-01-31T00:00:00Z","enabled":true}
        """;

    [Fact]
    public async Task Post_AKey_ShowsItsSecretOnceAndNeverAgain()
    {
        await using var house = await KeyHouse.StartAsync();

        using var made = await house.AdminAsync(HttpMethod.Post, Keys, Everything);

        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var key = await made.JsonAsync();
        var (id, secret) = (
            key.GetProperty("id").GetString()!,
            key.GetProperty("secret").GetString()!
        );
        made.Headers.Location!.ToString().ShouldBe($"{Keys}/{id}");
        secret.ShouldStartWith("sk-dm-");
        foreach (var path in (string[])[Keys, $"{Keys}/{id}"])
        {
            using var got = await house.AdminAsync(HttpMethod.Get, path);
            var text = await got.Content.ReadAsStringAsync();
            text.ShouldNotContain(secret[6..]);
            text.ShouldContain(secret[^4..]);
        }
        using var shown = await house.AdminAsync(HttpMethod.Get, $"{Keys}/{id}");
        var told = await shown.JsonAsync();
        told.TryGetProperty("secret", out _).ShouldBeFalse();
        told.GetProperty("status").GetString().ShouldBe("active");
        told.GetProperty("declaredIn").GetString().ShouldBe("api");
        told.GetProperty("createdAt")
            .GetDateTimeOffset()
            .ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        told.GetProperty("last_used_at").ValueKind.ShouldBe(JsonValueKind.Null);
        using var sent = JsonDocument.Parse(Everything);
        foreach (var member in sent.RootElement.EnumerateObject())
            if (member.Name != "expires_at")
                told.GetProperty(member.Name).GetRawText().ShouldBe(member.Value.GetRawText());
        told.GetProperty("expires_at").GetDateTimeOffset().Year.ShouldBe(2099);
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":" x"}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":"x","role":"root"}""", "role")]
    [InlineData("""{"name":"x","role":1}""", "role")]
    [InlineData("""{"name":"x","models":[]}""", "models")]
    [InlineData("""{"name":"x","models":[""]}""", "models")]
    [InlineData("""{"name":"x","models":{"a":1}}""", "models")]
    [InlineData("""{"name":"x","allowed_ips":["10.0.0.1/8"]}""", "allowed_ips")]
    [InlineData("""{"name":"x","expires_at":"2020-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"name":"x","expires_at":"soon"}""", "expires_at")]
    [InlineData("""{"name":"x","metadata":{"a":1}}""", "metadata")]
    [InlineData("""{"name":"x","metadata":{"a":"1","a":"2"}}""", "metadata")]
    [InlineData("""{"name":"x","enabled":"yes"}""", "enabled")]
    [InlineData("""{"name":"x","id":"key_mine"}""", "id")]
    [InlineData("""{"name":"x","secret":"sk-dm-mine"}""", "secret")]
    [InlineData("""{"name":"x","name":"y"}""", "name")]
    [InlineData("""{"name":"x","modells":["a/b"]}""", "modells")]
    public async Task Post_WhatIsWrong_IsRefusedNamingIt(string body, string field)
    {
        await using var house = await KeyHouse.StartAsync();

        using var answer = await house.AdminAsync(HttpMethod.Post, Keys, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.JsonAsync();
        problem.GetProperty("param").GetString().ShouldBe(field);
        problem.GetProperty("detail").GetString()!.ShouldContain($"'{field}'");
    }

    [Fact]
    public async Task Put_NeedsTheTagOfWhatWasGot()
    {
        await using var house = await KeyHouse.StartAsync();
        var (id, _) = await house.MakeAsync();
        using var got = await house.AdminAsync(HttpMethod.Get, $"{Keys}/{id}");
        var tag = got.Headers.ETag!.ToString();

        async Task<int> PutAsync(string name, string? tag)
        {
            (string, string)[] headers = tag is null ? [] : [("If-Match", tag)];
            using var put = await house.AsAsync(
                house.Admin,
                HttpMethod.Put,
                $"{Keys}/{id}",
                $$"""{"name":"{{name}}"}""",
                headers
            );
            return (int)put.StatusCode;
        }

        (await PutAsync("one", tag: null)).ShouldBe(428);
        (await PutAsync("two", tag)).ShouldBe(200);
        (await PutAsync("three", tag)).ShouldBe(412);
        (await PutAsync("four", "\"other\"")).ShouldBe(412);
        using var again = await house.AdminAsync(HttpMethod.Get, $"{Keys}/{id}");
        (await again.JsonAsync()).GetProperty("name").GetString().ShouldBe("two");
        again.Headers.ETag!.ToString().ShouldNotBe(tag);
    }

    [Fact]
    public async Task List_InPages_GivesEachKeyOnceInTheOrderTheyWereMade()
    {
        await using var house = await KeyHouse.StartAsync();
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
            made.Add((await house.MakeAsync(i == 2 ? "\"team_id\":\"red\"" : "")).Id);
        await house.DoAsync(made[3], "revoke");

        var seen = new List<string>();
        var next = "";
        do
        {
            using var page = await house.AdminAsync(
                HttpMethod.Get,
                $"{Keys}?limit=2{(next.Length > 0 ? "&after=" + next : "")}"
            );
            var json = await page.JsonAsync();
            seen.AddRange(Ids(json));
            next = json.GetProperty("next_after").GetString() ?? "";
        } while (next.Length > 0);
        // The first is the one that made the others.
        seen.Skip(1).ShouldBe(made);
        (await IdsAsync(house, "?team_id=red")).ShouldBe([made[2]]);
        (await IdsAsync(house, "?status=revoked")).ShouldBe([made[3]]);
        (await IdsAsync(house, "?role=admin")).Count.ShouldBe(1);
        (await IdsAsync(house, "?name=ZEBRA&limit=1000")).Count.ShouldBe(5);
        using var wrong = await house.AdminAsync(HttpMethod.Get, Keys + "?status=lost");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Keys_OfOthers_AreNotThereForMembersAndManagers()
    {
        await using var house = await KeyHouse.StartAsync();
        var (own, member) = await house.MakeAsync("\"role\":\"member\",\"user_id\":\"ann\"");
        var (_, manager) = await house.MakeAsync(
            "\"role\":\"manager\",\"user_id\":\"bob\",\"team_id\":\"red\""
        );
        var (_, inference) = await house.MakeAsync("\"user_id\":\"ann\"");
        var (_, viewer) = await house.MakeAsync("\"role\":\"viewer\"");
        var (red, _) = await house.MakeAsync("\"team_id\":\"red\"");
        var (blue, _) = await house.MakeAsync("\"team_id\":\"blue\"");

        (await IdsAsync(house, "", member)).Count.ShouldBe(2);
        (await IdsAsync(house, "", member)).ShouldContain(own);
        (await IdsAsync(house, "", manager)).Count.ShouldBe(2);
        (await IdsAsync(house, "", manager)).ShouldContain(red);
        (await IdsAsync(house, "", viewer)).Count.ShouldBe(7);
        (await StatusAsync(house, inference, HttpMethod.Get, Keys)).ShouldBe(403);
        (await StatusAsync(house, viewer, HttpMethod.Post, Keys, """{"name":"x"}""")).ShouldBe(403);
        foreach (
            var (method, path) in ((HttpMethod, string)[])
                [
                    (HttpMethod.Get, $"{Keys}/{blue}"),
                    (HttpMethod.Delete, $"{Keys}/{blue}"),
                    (HttpMethod.Post, $"{Keys}/{blue}/rotate"),
                    (HttpMethod.Post, $"{Keys}/{blue}/revoke"),
                ]
        )
        {
            var body = method == HttpMethod.Post ? "{}" : null;
            (await StatusAsync(house, member, method, path, body)).ShouldBe(404);
            (await StatusAsync(house, manager, method, path, body)).ShouldBe(404);
        }
        (await StatusAsync(house, manager, HttpMethod.Post, $"{Keys}/{red}/rotate", "{}")).ShouldBe(
            200
        );
        // Nobody makes themselves more than they are.
        foreach (
            var (secret, body) in ((string, string)[])
                [
                    (member, """{"name":"x","role":"admin","user_id":"ann"}"""),
                    (member, """{"name":"x","user_id":"bob"}"""),
                    (member, """{"name":"x"}"""),
                    (manager, """{"name":"x","role":"admin","team_id":"red"}"""),
                    (manager, """{"name":"x","team_id":"blue"}"""),
                ]
        )
            (await StatusAsync(house, secret, HttpMethod.Post, Keys, body)).ShouldBe(403, body);
        (
            await StatusAsync(
                house,
                member,
                HttpMethod.Post,
                Keys,
                """{"name":"x","user_id":"ann"}"""
            )
        ).ShouldBe(201);
    }

    [Fact]
    public async Task Usage_OfOthers_IsNotThere()
    {
        await using var house = await KeyHouse.StartAsync();
        var (mine, me) = await house.MakeAsync();
        var (_, other) = await house.MakeAsync();
        using var asked = await house.AskAsync(me, "sim/swift");
        using var othersAsked = await house.AskAsync(other, "sim/swift");
        var others = othersAsked.Headers.GetValues("x-dragoman-request-id").Single();
        var own = asked.Headers.GetValues("x-dragoman-request-id").Single();

        (await StatusAsync(house, me, HttpMethod.Get, "/api/llm/requests/" + own)).ShouldBe(200);
        (await StatusAsync(house, me, HttpMethod.Get, "/api/llm/requests/" + others)).ShouldBe(404);
        using var list = await house.AsAsync(me, HttpMethod.Get, "/api/llm/requests");
        (await list.JsonAsync())
            .GetProperty("requests")
            .EnumerateArray()
            .Select(static one => one.GetProperty("caller").GetString())
            .ShouldBe([mine]);
        foreach (var query in (string[])["", "?by=key", "?by=hour", "?caller=" + mine])
        {
            using var usage = await house.AsAsync(me, HttpMethod.Get, "/api/llm/usage" + query);
            (await usage.JsonAsync()).GetProperty("call_count").GetInt64().ShouldBe(1, query);
        }
        using var all = await house.AdminAsync(HttpMethod.Get, "/api/llm/usage");
        (await all.JsonAsync()).GetProperty("call_count").GetInt64().ShouldBe(2);
        (await StatusAsync(house, me, HttpMethod.Get, "/api/llm/stats")).ShouldBe(403);
        (await StatusAsync(house, house.Admin, HttpMethod.Get, "/api/llm/stats")).ShouldBe(200);
        foreach (var (id, status) in ((string, int)[])[(own, 200), (others, 404)])
            (
                await StatusAsync(
                    house,
                    me,
                    HttpMethod.Post,
                    "/api/llm/feedback",
                    $$"""{"request_id":"{{id}}","thumb":"up"}"""
                )
            ).ShouldBe(status);
    }

    [Fact]
    public async Task Response_OfAnotherKey_IsNotThere()
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, me) = await house.MakeAsync();
        var (_, other) = await house.MakeAsync();
        using var made = await house.AsAsync(
            me,
            HttpMethod.Post,
            "/v1/responses",
            """{"model":"sim/swift","input":"Hi"}"""
        );
        var id = (await made.JsonAsync()).GetProperty("id").GetString();

        (await StatusAsync(house, me, HttpMethod.Get, "/v1/responses/" + id)).ShouldBe(200);
        (await StatusAsync(house, other, HttpMethod.Get, "/v1/responses/" + id)).ShouldBe(404);
        (await StatusAsync(house, other, HttpMethod.Delete, "/v1/responses/" + id)).ShouldBe(404);
        using var carriedOn = await house.AsAsync(
            other,
            HttpMethod.Post,
            "/v1/responses",
            $$"""{"model":"sim/swift","input":"And?","previous_response_id":"{{id}}"}"""
        );
        carriedOn.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Lists_OfModels_HoldWhatTheKeyMayCallAndNothingElse()
    {
        await using var house = await KeyHouse.StartAsync(
            """
            models: [ { name: gold, provider: sim, model: sage }, { name: tin, provider: sim, model: swift } ]
            aliases: { sly: gold, fine: tin }
            routes: { dear: { models: [gold] }, cheap: { models: [tin] } }
            """
        );
        var (_, secret) = await house.MakeAsync("\"models\":[\"tin\"]");

        var openai = await NamesAsync(house, secret, "/v1/models", "data", "id");
        openai.ShouldContain("tin");
        openai.ShouldContain("fine");
        openai.ShouldContain("cheap");
        openai.ShouldContain("auto");
        foreach (var hidden in (string[])["gold", "sly", "dear", "sage", "sim/sage"])
            openai.ShouldNotContain(hidden);
        var gemini = await NamesAsync(
            house,
            secret,
            "/v1beta/models?pageSize=1000",
            "models",
            "name"
        );
        gemini.ShouldContain("models/tin");
        gemini.ShouldNotContain("models/gold");
        var ollama = await NamesAsync(house, secret, "/api/tags", "models", "name");
        ollama.ShouldContain("tin");
        ollama.ShouldNotContain("gold");
        var native = await NamesAsync(house, secret, "/api/llm/models?limit=1000", "models", "id");
        native.ShouldContain("tin");
        native.ShouldNotContain("gold");
        native.ShouldNotContain(static name =>
            name.StartsWith("openai/", StringComparison.Ordinal)
        );
        using var anthropic = await house.AsAsync(
            secret,
            HttpMethod.Get,
            "/v1/models?limit=1000",
            body: null,
            ("anthropic-version", "2023-06-01")
        );
        var text = await anthropic.Content.ReadAsStringAsync();
        text.ShouldContain("\"tin\"");
        text.ShouldNotContain("\"gold\"");
        foreach (
            var path in (string[])["/v1/models/gold", "/v1beta/models/gold", "/api/llm/models/gold"]
        )
            (await StatusAsync(house, secret, HttpMethod.Get, path)).ShouldBe(404, path);
        (
            await StatusAsync(house, secret, HttpMethod.Post, "/api/show", """{"model":"gold"}""")
        ).ShouldBe(404);
        // Who may call everything sees everything.
        (await NamesAsync(house, house.Admin, "/v1/models", "data", "id")).ShouldContain("gold");
    }

    [Fact]
    public async Task Server_StartedAgain_KnowsItsKeys()
    {
        var folder = Directory.CreateTempSubdirectory("dragoman-").FullName;
        ServerOptions In(ServerOptions options) =>
            options with
            {
                Environment = name => name == "DRAGOMAN_DATA" ? folder : null,
            };
        string admin,
            revoked;
        await using (var house = await KeyHouse.StartAsync(configure: In))
        {
            admin = house.Admin;
            (var id, revoked) = await house.MakeAsync();
            await house.DoAsync(id, "revoke");
        }

        await using (var again = await ServerUnderTest.StartAsync(configure: In))
        {
            using var without = await again.GetAsync("/v1/models");
            without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            using var with = await again.GetAsync("/v1/models", ("x-api-key", admin));
            with.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var late = await again.GetAsync("/v1/models", ("x-api-key", revoked));
            (await late.ErrorCodeAsync()).ShouldBe("key_revoked");
            // When it was used before the end was written down at the end.
            using var list = await again.GetAsync(Keys + "?role=admin", ("x-api-key", admin));
            (await list.JsonAsync())
                .GetProperty("data")[0]
                .GetProperty("last_used_at")
                .ValueKind.ShouldBe(JsonValueKind.String);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task FirstKey_OnAnOpenServer_ClosesItForWhoHasNone()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using (var open = await server.GetAsync("/v1/models"))
            open.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var small = await server.PostAsync(Keys, """{"name":"first"}"""))
        {
            small.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await small.JsonAsync())
                .GetProperty("code")
                .GetString()
                .ShouldBe("first_key_must_be_admin");
        }
        using (
            var page = await server.PostAsync(
                Keys,
                """{"name":"first","role":"admin"}""",
                ("Origin", "https://evil.example")
            )
        )
            page.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (
            var rebound = await server.PostAsync(
                Keys,
                """{"name":"first","role":"admin"}""",
                ("Host", "evil.example")
            )
        )
            rebound.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var made = await server.PostAsync(Keys, """{"name":"first","role":"admin"}""");
        made.StatusCode.ShouldBe(HttpStatusCode.Created);

        using var without = await server.GetAsync("/v1/models");
        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var second = await server.PostAsync(Keys, """{"name":"second","role":"admin"}""");
        second.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Start_OnAnOutsideAddress_NeedsAKeyThatIsKept()
    {
        var folder = Directory.CreateTempSubdirectory("dragoman-").FullName;
        ServerOptions In(ServerOptions options) =>
            options with
            {
                Environment = name => name == "DRAGOMAN_DATA" ? folder : null,
            };
        ServerOptions Outside(ServerOptions options) => In(options) with { Host = "0.0.0.0" };
        var refusal = await Should.ThrowAsync<ServerStartException>(() =>
            ServerUnderTest.StartAsync(configure: Outside)
        );
        refusal.Message.ShouldContain("dragoman keys create");
        await using (await KeyHouse.StartAsync(configure: In)) { }

        await using (var exposed = await ServerUnderTest.StartAsync(configure: Outside))
        {
            using var without = await exposed.GetAsync("/v1/models");
            without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<int> StatusAsync(
        KeyHouse house,
        string secret,
        HttpMethod method,
        string path,
        string? body = null
    )
    {
        using var answer = await house.AsAsync(secret, method, path, body);
        return (int)answer.StatusCode;
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(
        KeyHouse house,
        string query,
        string? secret = null
    )
    {
        using var page = await house.AsAsync(secret ?? house.Admin, HttpMethod.Get, Keys + query);
        return [.. Ids(await page.JsonAsync())];
    }

    private static IEnumerable<string> Ids(JsonElement page) =>
        page.GetProperty("data")
            .EnumerateArray()
            .Select(static key => key.GetProperty("id").GetString()!);

    private static async Task<IReadOnlyList<string>> NamesAsync(
        KeyHouse house,
        string secret,
        string path,
        string list,
        string name
    )
    {
        using var answer = await house.AsAsync(secret, HttpMethod.Get, path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return
        [
            .. (await answer.JsonAsync())
                .GetProperty(list)
                .EnumerateArray()
                .Select(model => model.GetProperty(name).GetString()!),
        ];
    }
}
