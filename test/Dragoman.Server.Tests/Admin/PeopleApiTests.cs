using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Server.Tests.SignIn;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Admin;

public sealed class PeopleApiTests
{
    private const string Key = "dk-correct-horse-battery";

    [Fact]
    public async Task User_MadeReadChangedAndDeleted_IsToldAsItIs()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MadeAsync(server, "/api/admin/teams", """{"id":"red","name":"Red"}""");

        using var made = await SendAsync(
            server,
            HttpMethod.Post,
            "/api/admin/users",
            """{"name":"Anna Ärger","email":" Anna.Maria@Example.com ","role":"manager","teams":[{"team_id":"red","manages":true}]}"""
        );

        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Headers.Location!.ToString().ShouldBe("/api/admin/users/anna.maria");
        var user = await made.JsonAsync();
        user.GetProperty("email").GetString().ShouldBe("anna.maria@example.com");
        user.GetProperty("role").GetString().ShouldBe("manager");
        user.GetProperty("has_password").GetBoolean().ShouldBeFalse();
        user.GetProperty("declaredIn").GetString().ShouldBe("api");
        user.GetProperty("teams")[0].GetProperty("team_id").GetString().ShouldBe("red");
        // What a GET gives goes back as it is.
        using var read = await SendAsync(server, HttpMethod.Get, made.Headers.Location.ToString());
        var text = (await read.Content.ReadAsStringAsync()).Replace("Anna Ärger", "Anna");
        using var changed = await SendAsync(
            server,
            HttpMethod.Put,
            made.Headers.Location.ToString(),
            text,
            ("If-Match", read.Headers.ETag!.ToString())
        );
        changed.StatusCode.ShouldBe(HttpStatusCode.OK, await changed.Content.ReadAsStringAsync());
        (await changed.JsonAsync()).GetProperty("name").GetString().ShouldBe("Anna");
        using var deleted = await SendAsync(
            server,
            HttpMethod.Delete,
            made.Headers.Location.ToString()
        );
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await SendAsync(server, HttpMethod.Get, made.Headers.Location.ToString());
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("users", """{"role":"member"}""", "name")]
    [InlineData("users", """{"name":"","role":"member"}""", "name")]
    [InlineData("users", """{"name":"a"}""", "role")]
    [InlineData("users", """{"name":"a","role":"root"}""", "role")]
    [InlineData("users", """{"name":"a","role":"member","email":"a"}""", "email")]
    [InlineData("users", """{"name":"a","role":"member","email":"a@b@c"}""", "email")]
    [InlineData("users", """{"name":"a","role":"member","id":"a/b"}""", "id")]
    [InlineData("users", """{"name":"a","role":"member","id":"-a"}""", "id")]
    [InlineData("users", """{"name":"a","role":"member","teams":[{"team_id":"none"}]}""", "teams")]
    [InlineData("users", """{"name":"a","role":"member","teams":[{"id":"none"}]}""", "teams")]
    [InlineData("users", """{"name":"a","role":"member","teams":["a","a"]}""", "teams")]
    [InlineData("users", """{"name":"a","role":"member","teams":7}""", "teams")]
    [InlineData("users", """{"name":"a","role":"member","disabled":"no"}""", "disabled")]
    [InlineData("users", """{"name":"a","role":"member","password":"short"}""", "password")]
    [InlineData("users", """{"name":"a","role":"member","admin":true}""", "admin")]
    [InlineData("users", """{"name":"a","role":"member","role":"admin"}""", "role")]
    [InlineData("teams", """{"name":"a","members":[{"user_id":"none"}]}""", "members")]
    [InlineData("teams", """{"id":"a"}""", "name")]
    [InlineData("workspaces", """{"name":"a","team_id":"none"}""", "team_id")]
    [InlineData("workspaces", """{"name":"a","team":"none"}""", "team")]
    public async Task Post_Wrong_Is400ThatNamesTheField(string kind, string body, string field)
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await SendAsync(server, HttpMethod.Post, "/api/admin/" + kind, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).GetProperty("param").GetString().ShouldBe(field);
        (await ListAsync(server, kind)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_ATakenIdOrEmail_Is409()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MadeAsync(
            server,
            "/api/admin/users",
            """{"id":"a","name":"a","role":"member","email":"a@b.example"}"""
        );
        await MadeAsync(server, "/api/admin/teams", """{"id":"a","name":"a"}""");

        foreach (
            var (kind, body, code) in new[]
            {
                ("users", """{"id":"a","name":"a","role":"member"}""", "already_exists"),
                ("users", """{"name":"a","role":"member","email":"A@B.example"}""", "email_taken"),
                ("teams", """{"id":"a","name":"a"}""", "already_exists"),
            }
        )
        {
            using var answer = await SendAsync(server, HttpMethod.Post, "/api/admin/" + kind, body);
            answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await answer.JsonAsync()).GetProperty("code").GetString().ShouldBe(code);
        }
        // Without an id of one's own a free one is found.
        await MadeAsync(server, "/api/admin/users", """{"name":"A","role":"member"}""");
        (await ListAsync(server, "users")).ShouldBe(["a", "a-2"]);
    }

    [Theory]
    [InlineData("users", """{"name":"b","role":"member"}""")]
    [InlineData("teams", """{"name":"b"}""")]
    [InlineData("workspaces", """{"name":"b"}""")]
    public async Task Put_WithoutOrWithAnOldMark_ChangesNothing(string kind, string body)
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MadeAsync(server, "/api/admin/" + kind, body.Replace("{", """{"id":"a","""));
        var path = $"/api/admin/{kind}/a";

        using var without = await SendAsync(server, HttpMethod.Put, path, body);
        without.StatusCode.ShouldBe(HttpStatusCode.PreconditionRequired);
        using var first = await SendAsync(
            server,
            HttpMethod.Put,
            path,
            body,
            ("If-Match", "\"1\"")
        );
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Headers.ETag!.Tag.ShouldBe("\"2\"");
        using var old = await SendAsync(server, HttpMethod.Put, path, body, ("If-Match", "\"1\""));
        old.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        using var deleted = await SendAsync(
            server,
            HttpMethod.Delete,
            path,
            null,
            ("If-Match", "\"1\"")
        );
        deleted.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        using var other = await SendAsync(
            server,
            HttpMethod.Put,
            path,
            body.Replace("{", """{"id":"z","""),
            ("If-Match", "\"2\"")
        );
        other.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task List_PageByPage_GivesAllInTheOrderOfTheirIds()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        foreach (var id in new[] { "c", "a", "b" })
            await MadeAsync(server, "/api/admin/teams", $$"""{"id":"{{id}}","name":"x"}""");

        using var first = await SendAsync(server, HttpMethod.Get, "/api/admin/teams?limit=2");
        var page = await first.JsonAsync();

        page.GetProperty("data").GetArrayLength().ShouldBe(2);
        page.GetProperty("next_after").GetString().ShouldBe("b");
        using var rest = await SendAsync(
            server,
            HttpMethod.Get,
            "/api/admin/teams?limit=2&after=b"
        );
        page = await rest.JsonAsync();
        page.GetProperty("data")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetProperty("id")
            .GetString()
            .ShouldBe("c");
        page.GetProperty("next_after").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Team_DeletedWhileNeeded_SaysByWhom_AndLetsGoWhereTold()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MadeAsync(server, "/api/admin/users", """{"id":"anna","name":"a","role":"member"}""");
        await MadeAsync(
            server,
            "/api/admin/teams",
            """{"id":"red","name":"Red","members":[{"user_id":"anna","manages":true}]}"""
        );

        using var refused = await SendAsync(server, HttpMethod.Delete, "/api/admin/teams/red");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.JsonAsync()).GetProperty("detail").GetString()!.ShouldContain("user anna");
        using var odd = await SendAsync(
            server,
            HttpMethod.Delete,
            "/api/admin/teams/red?detach=yes"
        );
        odd.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var done = await SendAsync(
            server,
            HttpMethod.Delete,
            "/api/admin/teams/red?detach=true"
        );
        done.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var anna = await SendAsync(server, HttpMethod.Get, "/api/admin/users/anna");
        (await anna.JsonAsync()).GetProperty("teams").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Key_OfAUserWhoIsDisabledOrMadeLess_CountsNoMore()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MadeAsync(server, "/api/admin/users", """{"id":"anna","name":"a","role":"admin"}""");
        using var made = await SendAsync(
            server,
            HttpMethod.Post,
            "/api/admin/keys",
            """{"name":"k","role":"admin","user_id":"anna"}"""
        );
        var key = (await made.JsonAsync()).GetProperty("secret").GetString()!;
        (await ModelsAsync()).ShouldBe(HttpStatusCode.OK);

        await PutAsync("""{"name":"a","role":"member"}""", "\"1\"");
        (await ModelsAsync()).ShouldBe(HttpStatusCode.Forbidden);
        await PutAsync("""{"name":"a","role":"admin"}""", "\"2\"");
        (await ModelsAsync()).ShouldBe(HttpStatusCode.OK);
        await PutAsync("""{"name":"a","role":"admin","disabled":true}""", "\"3\"");
        (await ModelsAsync()).ShouldBe(HttpStatusCode.Unauthorized);

        async Task<HttpStatusCode> ModelsAsync()
        {
            using var answer = await server.GetAsync("/v1/models", ("x-api-key", key));
            return answer.StatusCode;
        }

        async Task PutAsync(string body, string mark)
        {
            using var changed = await SendAsync(
                server,
                HttpMethod.Put,
                "/api/admin/users/anna",
                body,
                ("If-Match", mark)
            );
            changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    /// <summary>Ways up that somebody could try; none of them leads anywhere.</summary>
    [Theory]
    // Member: a key or a role of an admin, other people, the configuration.
    [InlineData("member", "POST", "/api/admin/keys", """{"name":"k","role":"admin"}""")]
    [InlineData(
        "member",
        "POST",
        "/api/admin/keys",
        """{"name":"k","role":"manager","user_id":"mia"}"""
    )]
    [InlineData(
        "member",
        "POST",
        "/api/admin/keys",
        """{"name":"k","role":"member","user_id":"root"}"""
    )]
    [InlineData("member", "POST", "/api/admin/users", """{"name":"k","role":"admin"}""")]
    [InlineData("member", "PUT", "/api/admin/users/member", """{"name":"k","role":"admin"}""")]
    [InlineData(
        "member",
        "POST",
        "/api/admin/users/root/password",
        """{"password":"taken over by me"}"""
    )]
    [InlineData("member", "GET", "/api/admin/audit", null)]
    [InlineData("member", "GET", "/api/admin/users", null)]
    // Viewer: calls and changes nothing.
    [InlineData("viewer", "POST", "/v1/chat/completions", "{}")]
    [InlineData("viewer", "POST", "/api/llm/query", "{}")]
    [InlineData("viewer", "POST", "/api/admin/teams", """{"name":"x"}""")]
    [InlineData("viewer", "POST", "/api/admin/keys", """{"name":"k","role":"viewer"}""")]
    [InlineData("viewer", "DELETE", "/api/admin/users/root", null)]
    // Inference: neither.
    [InlineData("inference", "POST", "/api/admin/keys", """{"name":"k","role":"inference"}""")]
    [InlineData("inference", "GET", "/metrics", null)]
    // Manager: the own team's, and nothing else's.
    [InlineData("manager", "PUT", "/api/admin/users/root", """{"name":"k","role":"member"}""")]
    [InlineData(
        "manager",
        "PUT",
        "/api/admin/users/bea",
        """{"name":"k","role":"member","teams":["red"]}"""
    )]
    [InlineData(
        "manager",
        "PUT",
        "/api/admin/users/manager",
        """{"name":"k","role":"admin","teams":[{"team_id":"red","manages":true}]}"""
    )]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/users",
        """{"name":"k","role":"admin","teams":["red"]}"""
    )]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/users",
        """{"name":"k","role":"viewer","teams":["red"]}"""
    )]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/users",
        """{"name":"k","role":"member","teams":["blue"]}"""
    )]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/users/root/password",
        """{"password":"taken over by me"}"""
    )]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/users/bea/password",
        """{"password":"taken over by me"}"""
    )]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/users/manager/password",
        """{"password":"taken over by me"}"""
    )]
    [InlineData("manager", "PUT", "/api/admin/teams/blue", """{"name":"k"}""")]
    [InlineData(
        "manager",
        "PUT",
        "/api/admin/teams/red",
        """{"name":"k","members":["manager","bea"]}"""
    )]
    [InlineData("manager", "DELETE", "/api/admin/teams/red", null)]
    [InlineData("manager", "POST", "/api/admin/teams", """{"name":"k"}""")]
    [InlineData("manager", "POST", "/api/admin/workspaces", """{"name":"k","team_id":"blue"}""")]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/keys",
        """{"name":"k","role":"admin","team_id":"red"}"""
    )]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/keys",
        """{"name":"k","role":"viewer","team_id":"red"}"""
    )]
    [InlineData(
        "manager",
        "POST",
        "/api/admin/keys",
        """{"name":"k","role":"member","team_id":"blue"}"""
    )]
    [InlineData("manager", "GET", "/api/admin/audit/export", null)]
    public async Task Escalation_IsRefusedAndChangesNothing(
        string role,
        string method,
        string path,
        string? body
    )
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MadeAsync(server, "/api/admin/teams", """{"id":"red","name":"Red"}""");
        await MadeAsync(server, "/api/admin/teams", """{"id":"blue","name":"Blue"}""");
        await MadeAsync(
            server,
            "/api/admin/users",
            """{"id":"root","name":"root","role":"admin"}"""
        );
        await MadeAsync(
            server,
            "/api/admin/users",
            """{"id":"bea","name":"bea","role":"member","teams":["blue"]}"""
        );
        var who = await SignedIn.AsAsync(
            server,
            Key,
            role,
            role,
            role == "manager" ? """[{"team_id":"red","manages":true},"blue"]""" : "[]"
        );
        var before = await StateAsync(server);

        using var answer = await who.SendAsync(
            new HttpMethod(method),
            path,
            body,
            ("If-Match", "\"1\"")
        );

        ((int)answer.StatusCode).ShouldBeOneOf([400, 403, 404]);
        (await StateAsync(server)).ShouldBe(before);
    }

    [Fact]
    public async Task Manager_LooksAfterTheOwnTeam()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MadeAsync(server, "/api/admin/teams", """{"id":"red","name":"Red"}""");
        var mia = await SignedIn.AsAsync(
            server,
            Key,
            "mia",
            "manager",
            """[{"team_id":"red","manages":true}]"""
        );

        foreach (
            var (method, path, body) in new[]
            {
                (
                    "POST",
                    "/api/admin/users",
                    """{"id":"rob","name":"Rob","role":"member","teams":["red"]}"""
                ),
                (
                    "PUT",
                    "/api/admin/users/rob",
                    """{"name":"Robert","role":"member","teams":["red"]}"""
                ),
                ("POST", "/api/admin/users/rob/password", """{"password":"a first password"}"""),
                ("PUT", "/api/admin/teams/red", """{"name":"Reds"}"""),
                (
                    "POST",
                    "/api/admin/workspaces",
                    """{"id":"shop","name":"Shop","team_id":"red"}"""
                ),
                ("POST", "/api/admin/keys", """{"name":"k","role":"inference","team_id":"red"}"""),
                ("DELETE", "/api/admin/users/rob", null),
            }
        )
        {
            using var answer = await mia.SendAsync(
                new HttpMethod(method),
                path,
                body,
                method == "PUT" ? [("If-Match", "\"1\"")] : []
            );
            answer.IsSuccessStatusCode.ShouldBeTrue(
                $"{method} {path}: {await answer.Content.ReadAsStringAsync()}"
            );
        }
    }

    private static async Task<string> StateAsync(ServerUnderTest server)
    {
        var all = new StringBuilder();
        foreach (var kind in new[] { "users", "teams", "workspaces", "keys" })
        {
            using var answer = await SendAsync(server, HttpMethod.Get, "/api/admin/" + kind);
            all.AppendLine(await answer.Content.ReadAsStringAsync());
        }
        return all.ToString();
    }

    private static async Task MadeAsync(ServerUnderTest server, string path, string body)
    {
        using var made = await SendAsync(server, HttpMethod.Post, path, body);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
    }

    private static async Task<IEnumerable<string?>> ListAsync(ServerUnderTest server, string kind)
    {
        using var answer = await SendAsync(server, HttpMethod.Get, "/api/admin/" + kind);
        return (await answer.JsonAsync())
            .GetProperty("data")
            .EnumerateArray()
            .Select(static one => one.GetProperty("id").GetString());
    }

    private static Task<HttpResponseMessage> SendAsync(
        ServerUnderTest server,
        HttpMethod method,
        string path,
        string? body = null,
        params (string, string)[] headers
    ) =>
        server.SendAsync(
            method,
            path,
            body is null ? null : new StringContent(body, Encoding.UTF8, ServerUnderTest.Json),
            [("x-api-key", Key), .. headers]
        );
}
