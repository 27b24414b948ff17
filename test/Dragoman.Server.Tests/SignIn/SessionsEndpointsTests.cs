using System.Net;
using System.Text.Json;
using Dragoman.Access.Sessions;
using Dragoman.Server.Tests.Hosting;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.SignIn;

public sealed class SessionsEndpointsTests
{
    private const string Key = "dk-correct-horse-battery";

    [Fact]
    public async Task SignIn_ByPassword_OpensASessionThatMayWhatTheRoleMay()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        var anna = await SignedIn.AsAsync(server, Key, "anna", "viewer");

        anna.Told.GetProperty("caller").GetString().ShouldBe("user:anna");
        anna.Told.GetProperty("role").GetString().ShouldBe("viewer");
        anna.Told.GetProperty("permissions")
            .EnumerateArray()
            .Select(static word => word.GetString())
            .ShouldContain("read_audit");
        using var may = await anna.GetAsync("/api/admin/users");
        may.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var mayNot = await anna.PostAsync("/api/admin/teams", """{"name":"x"}""");
        mayNot.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var refusal = (await mayNot.JsonAsync()).GetProperty("detail").GetString()!;
        refusal.ShouldContain("manage_people");
        refusal.ShouldContain("viewer");
        refusal.ShouldContain("manager, admin");
    }

    [Fact]
    public async Task SignIn_ByTheAdminKey_OpensAnAdminsSession()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        var admin = await SignedIn.WithAsync(server, $$"""{"key":"{{Key}}"}""");

        admin.Told.GetProperty("caller").GetString().ShouldBe("admin");
        using var made = await admin.PostAsync("/api/admin/teams", """{"name":"x"}""");
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task SignIn_ByAVirtualKey_EndsWithTheKey()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        using var made = await server.PostAsync(
            "/api/admin/keys",
            """{"name":"mine","role":"member"}""",
            ("x-api-key", Key)
        );
        var key = await made.JsonAsync();

        var holder = await SignedIn.WithAsync(
            server,
            $$"""{"key":"{{key.GetProperty("secret").GetString()}}"}"""
        );

        (await StatusAsync(holder)).ShouldBe(HttpStatusCode.OK);
        using var revoked = await server.PostAsync(
            $"/api/admin/keys/{key.GetProperty("id").GetString()}/revoke",
            "{}",
            ("x-api-key", Key)
        );
        revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(holder)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("""{"email":"anna@example.com","password":"wrong horse battery"}""")]
    [InlineData("""{"email":"nobody@example.com","password":"correct horse battery"}""")]
    [InlineData("""{"key":"dk-wrong"}""")]
    public async Task SignIn_Wrong_IsRefusedWithoutSayingWhatWasWrong(string body)
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await SignedIn.AsAsync(server, Key, "anna", "member");

        using var answer = await server.PostAsync("/api/sessions", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await answer.JsonAsync()).GetProperty("code").GetString().ShouldBe("sign_in_failed");
    }

    [Theory]
    [InlineData("""{"email":"a@b.example"}""")]
    [InlineData("""{"key":"k","password":"p"}""")]
    [InlineData("""{"key":"k","mail":"p"}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    public async Task SignIn_WithoutSense_Is400(string body)
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await server.PostAsync("/api/sessions", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(null, "dragoman-session", false)]
    [InlineData("https", "__Host-dragoman-session", true)]
    public async Task Cookie_IsHiddenFromScriptsAndOtherSites(
        string? forwarded,
        string name,
        bool isSecure
    )
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        (string, string)[] headers = forwarded is null ? [] : [("X-Forwarded-Proto", forwarded)];

        using var answer = await server.PostAsync(
            "/api/sessions",
            $$"""{"key":"{{Key}}"}""",
            headers
        );

        var parts = answer
            .Headers.GetValues("Set-Cookie")
            .ShouldHaveSingleItem()
            .Split("; ")
            .ToList();
        parts[0].ShouldStartWith(name + "=");
        parts.ShouldContain("httponly");
        parts.ShouldContain("samesite=strict");
        parts.ShouldContain("path=/");
        parts.Contains("secure").ShouldBe(isSecure);
        parts.ShouldNotContain(static part => part.StartsWith("domain"));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Change_WithoutTheToken_IsRefused()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var anna = await SignedIn.AsAsync(server, Key, "anna", "admin");
        var bert = await SignedIn.AsAsync(server, Key, "bert", "admin");

        foreach (var token in new[] { null, "", "x", bert.Token, anna.Token.ToLowerInvariant() })
        {
            (string, string)[] headers = token is null
                ? [("Cookie", anna.Cookie)]
                : [("Cookie", anna.Cookie), ("x-dragoman-csrf", token)];
            foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
            {
                using var answer = await server.SendAsync(
                    method,
                    "/api/admin/teams/x",
                    method == HttpMethod.Delete
                        ? null
                        : new StringContent("{}", null, ServerUnderTest.Json),
                    headers
                );
                answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} with '{token}'");
                (await answer.JsonAsync())
                    .GetProperty("code")
                    .GetString()
                    .ShouldBe("csrf_token_missing");
            }
        }
        using var read = await server.GetAsync("/api/admin/teams", ("Cookie", anna.Cookie));
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var right = await anna.PostAsync("/api/admin/teams", """{"name":"x"}""");
        right.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    public async Task Session_UsedByAPageOfAnotherSite_IsRefused(
        string header,
        string value,
        bool served
    )
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var anna = await SignedIn.AsAsync(server, Key, "anna", "admin");

        using var read = await anna.SendAsync(
            HttpMethod.Get,
            "/api/admin/teams",
            null,
            (header, value)
        );
        using var change = await anna.SendAsync(
            HttpMethod.Post,
            "/api/admin/teams",
            """{"name":"x"}""",
            (header, value)
        );
        using var signIn = await server.PostAsync(
            "/api/sessions",
            $$"""{"key":"{{Key}}"}""",
            (header, value)
        );

        read.StatusCode.ShouldBe(served ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        change.StatusCode.ShouldBe(served ? HttpStatusCode.Created : HttpStatusCode.Forbidden);
        signIn.StatusCode.ShouldBe(served ? HttpStatusCode.Created : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task SignIn_AsAFormOfAPage_Is415()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.SendAsync(
            HttpMethod.Post,
            "/api/sessions",
            new StringContent("""{"key":"x"}""", null, "text/plain")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task SignIn_WithASessionOrAnInventedCookie_MakesAnotherAndEndsTheOld()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var first = await SignedIn.AsAsync(server, Key, "anna", "member");
        var invented = "dragoman-session=" + new string('A', SessionSecret.Length);

        foreach (var cookie in new[] { invented, first.Cookie })
        {
            using var answer = await server.PostAsync(
                "/api/sessions",
                $$"""{"email":"anna@example.com","password":"{{SignedIn.Password}}"}""",
                ("Cookie", cookie)
            );
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            SignedIn.CookieOf(answer).ShouldNotBe(cookie);
        }

        using var fixedOne = await server.GetAsync("/api/sessions/current", ("Cookie", invented));
        fixedOne.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(first)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task SignOut_EndsTheSessionHereToo()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var anna = await SignedIn.AsAsync(server, Key, "anna", "member");

        using var answer = await anna.SendAsync(HttpMethod.Delete, "/api/sessions/current", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldContain("1970");
        (await StatusAsync(anna)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Session_OfAUserWhoIsDisabledOrGivenAnotherRole_HasEndedAtOnce()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var anna = await SignedIn.AsAsync(server, Key, "anna", "admin");
        var bert = await SignedIn.AsAsync(server, Key, "bert", "admin");
        var carl = await SignedIn.AsAsync(server, Key, "carl", "admin");

        await ChangeAsync(server, "anna", "member", disabled: false);
        await ChangeAsync(server, "bert", "admin", disabled: true);
        using var gone = await server.SendAsync(
            HttpMethod.Delete,
            "/api/admin/users/carl",
            null,
            ("x-api-key", Key)
        );

        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var one in new[] { anna, bert, carl })
            (await StatusAsync(one)).ShouldBe(HttpStatusCode.Unauthorized);
        using var again = await server.PostAsync(
            "/api/sessions",
            $$"""{"email":"bert@example.com","password":"{{SignedIn.Password}}"}"""
        );
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Sessions_AreSeenAndEnded_OnlyOnesOwn()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var anna = await SignedIn.AsAsync(server, Key, "anna", "member");
        var other = await SignedIn.InAsync(server, "anna@example.com");
        var bert = await SignedIn.AsAsync(server, Key, "bert", "member");

        using var list = await anna.GetAsync("/api/sessions");
        (await list.JsonAsync())
            .GetProperty("data")
            .EnumerateArray()
            .Select(static one => one.GetProperty("id").GetString())
            .ShouldBe([anna.Id, other.Id], ignoreOrder: true);
        using var foreign = await anna.SendAsync(
            HttpMethod.Delete,
            "/api/sessions/" + bert.Id,
            null
        );
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var own = await anna.SendAsync(HttpMethod.Delete, "/api/sessions/" + other.Id, null);
        own.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await StatusAsync(anna)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(other)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(bert)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Password_ChangedByItsOwner_AsksForTheOldAndEndsTheOtherSessions()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var anna = await SignedIn.AsAsync(server, Key, "anna", "member");
        var other = await SignedIn.InAsync(server, "anna@example.com");
        const string Path = "/api/sessions/current/password";
        const string Next = "a new horse battery";

        using var wrong = await anna.PostAsync(
            Path,
            $$"""{"current_password":"guess of somebody","password":"{{Next}}"}"""
        );
        wrong.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var weak = await anna.PostAsync(
            Path,
            $$"""{"current_password":"{{SignedIn.Password}}","password":"short"}"""
        );
        weak.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var right = await anna.PostAsync(
            Path,
            $$"""{"current_password":"{{SignedIn.Password}}","password":"{{Next}}"}"""
        );
        right.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await StatusAsync(anna)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(other)).ShouldBe(HttpStatusCode.Unauthorized);
        using var now = await server.GetAsync(
            "/api/sessions/current",
            ("Cookie", SignedIn.CookieOf(right))
        );
        now.StatusCode.ShouldBe(HttpStatusCode.OK);
        await SignedIn.InAsync(server, "anna@example.com", Next);
    }

    [Fact]
    public async Task SignIn_AfterTooManyWrongTries_IsLockedForTheNameAndOpensLater()
    {
        var time = new ManualTime();
        await using var server = await ServerUnderTest.StartAsync(
            Key,
            configure: options => options with { Time = time }
        );
        await SignedIn.AsAsync(server, Key, "anna", "member");
        var right = $$"""{"email":"anna@example.com","password":"{{SignedIn.Password}}"}""";
        for (var i = 0; i < SignInLimits.TriesOfName; i++)
        {
            using var wrong = await server.PostAsync(
                "/api/sessions",
                """{"email":"ANNA@example.com","password":"wrong"}"""
            );
            wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var locked = await server.PostAsync("/api/sessions", right);
        locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        locked.Headers.RetryAfter!.Delta.ShouldBe(SignInLimits.Window);
        (await locked.JsonAsync()).GetProperty("code").GetString().ShouldBe("sign_in_locked");
        // A key still opens the door: whoever locks others out on purpose locks no admin out.
        await SignedIn.WithAsync(server, $$"""{"key":"{{Key}}"}""");

        time.Advance(SignInLimits.Window);
        await SignedIn.WithAsync(server, right);
    }

    [Fact]
    public async Task SignIn_AfterTooManyWrongKeys_IsLockedForTheAddressButNotForARightKey()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await SignedIn.AsAsync(server, Key, "anna", "member");
        for (var i = 0; i < SignInLimits.TriesOfAddress; i++)
            using (await server.PostAsync("/api/sessions", """{"key":"dk-wrong"}""")) { }

        foreach (
            var body in new[]
            {
                """{"key":"dk-wrong"}""",
                $$"""{"email":"anna@example.com","password":"{{SignedIn.Password}}"}""",
            }
        )
        {
            using var locked = await server.PostAsync("/api/sessions", body);
            locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }
        await SignedIn.WithAsync(server, $$"""{"key":"{{Key}}"}""");
    }

    [Fact]
    public async Task Session_AfterARestart_IsStillOpen()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var anna = await SignedIn.AsAsync(server, Key, "anna", "member");

        await using var again = await ServerUnderTest.StartAsync(
            Key,
            configure: options =>
                options with
                {
                    Environment = name => name == "DRAGOMAN_DATA" ? server.Folder : null,
                }
        );

        using var answer = await again.GetAsync("/api/sessions/current", ("Cookie", anna.Cookie));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task FirstAdmin_IsMadeOnTheOpenServer_AndSignsIn()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var made = await server.PostAsync(
            "/api/admin/users",
            $$"""{"name":"Anna Ärger","email":"Anna@Example.com","role":"admin","password":"{{SignedIn.Password}}"}"""
        );
        made.StatusCode.ShouldBe(HttpStatusCode.Created);

        var anna = await SignedIn.InAsync(server, "anna@example.com");

        anna.Told.GetProperty("role").GetString().ShouldBe("admin");
        // Who signed in is bound by their role and the token; the machine is still open to who did not.
        using var without = await server.GetAsync("/v1/models");
        without.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var noToken = await server.PostAsync(
            "/api/admin/teams",
            """{"name":"x"}""",
            ("Cookie", anna.Cookie)
        );
        noToken.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<HttpStatusCode> StatusAsync(SignedIn who)
    {
        using var answer = await who.GetAsync("/api/sessions/current");
        return answer.StatusCode;
    }

    private static async Task ChangeAsync(
        ServerUnderTest server,
        string id,
        string role,
        bool disabled
    )
    {
        using var changed = await server.SendAsync(
            HttpMethod.Put,
            "/api/admin/users/" + id,
            new StringContent(
                $$"""{"name":"{{id}}","email":"{{id}}@example.com","role":"{{role}}","disabled":{{JsonSerializer.Serialize(disabled)}}}""",
                null,
                ServerUnderTest.Json
            ),
            ("x-api-key", Key),
            ("If-Match", "\"1\"")
        );
        changed.StatusCode.ShouldBe(HttpStatusCode.OK, await changed.Content.ReadAsStringAsync());
    }
}
