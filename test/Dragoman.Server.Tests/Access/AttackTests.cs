using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Access;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Server.Tests.Inference;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Access;

/// <summary>What somebody may try who holds no key, an old one, or one that may little: each through the real server.</summary>
public sealed class AttackTests
{
    private const string Chat = "/v1/chat/completions";

    /// <summary>A method in small letters is answered as the one in large ones, and so must be guarded as it.</summary>
    [Theory]
    [InlineData("viewer", "post", Chat, 403)]
    [InlineData("viewer", "Post", "/api/llm/query", 403)]
    [InlineData("inference", "post", "/api/admin/keys", 403)]
    [InlineData("inference", "get", "/api/admin/keys", 403)]
    [InlineData("inference", "get", "/metrics", 403)]
    [InlineData("inference", "HEAD", "/metrics", 403)]
    [InlineData("inference", "HEAD", "/api/admin/budgets/x/state", 403)]
    public async Task Method_InAnotherCase_LeadsAroundNothing(
        string role,
        string method,
        string path,
        int status
    )
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, secret) = await house.MakeAsync(
            $"\"role\":\"{role}\"{(role == "viewer" ? "" : ",\"user_id\":\"ann\"")}"
        );

        await using var stream = await house.Server.ConnectAsync();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
            )
        );
        using var reader = new StreamReader(stream);
        var told = await reader.ReadToEndAsync();

        told.ShouldStartWith($"HTTP/1.1 {status}");
    }

    /// <summary>A key acts for its user: a manager's way to it must not lead beyond the own teams.</summary>
    [Theory]
    // Of somebody of another team: all that these have.
    [InlineData("""{"name":"x","role":"member","user_id":"cleo","team_id":"red"}""", 403)]
    [InlineData("""{"name":"x","role":"manager","user_id":"cleo","team_id":"red"}""", 403)]
    [InlineData("""{"name":"x","role":"inference","user_id":"cleo","team_id":"red"}""", 403)]
    // Of nobody yet.
    [InlineData("""{"name":"x","role":"member","user_id":"dora","team_id":"red"}""", 400)]
    // Out of the team, and of the budgets that bound it.
    [InlineData("""{"name":"x","role":"inference","user_id":"bob"}""", 403)]
    [InlineData("""{"name":"x","role":"manager","user_id":"bob","team_id":"red"}""", 201)]
    [InlineData("""{"name":"x","role":"member","user_id":"ann","team_id":"red"}""", 201)]
    public async Task ManagersKey_OfAnother_IsOfWhomTheyLookAfterOnly(string body, int status)
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, manager) = await house.MakeAsync(
            "\"role\":\"manager\",\"user_id\":\"bob\",\"team_id\":\"red\""
        );

        using var answer = await house.AsAsync(manager, HttpMethod.Post, "/api/admin/keys", body);

        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ManagersKey_ToAnothersSecret_OpensNothing()
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, manager) = await house.MakeAsync("\"role\":\"manager\",\"team_id\":\"red\"");
        var (own, _) = await house.MakeAsync(
            "\"role\":\"member\",\"user_id\":\"cleo\",\"team_id\":\"red\""
        );

        using var rotated = await house.AsAsync(
            manager,
            HttpMethod.Post,
            $"/api/admin/keys/{own}/rotate",
            "{}"
        );
        using var revoked = await house.AsAsync(
            manager,
            HttpMethod.Post,
            $"/api/admin/keys/{own}/revoke",
            "{}"
        );

        rotated.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Bob looks after red, and only belongs to blue.</summary>
    [Fact]
    public async Task ManagersKey_OfATeamThatItsOwnerDoesNotLookAfter_DoesNotCount()
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, blue) = await house.MakeAsync(
            "\"role\":\"manager\",\"user_id\":\"bob\",\"team_id\":\"blue\""
        );

        using var answer = await house.AsAsync(blue, HttpMethod.Get, "/api/admin/keys");

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.JsonAsync()).GetProperty("code").GetString().ShouldBe("key_above_owner");
    }

    [Theory]
    [InlineData(
        "budgets",
        """{"id":"b","team":"red","amount":5,"window":"month","on_exceeded":{"downgrade":"${PATH}"}}"""
    )]
    [InlineData(
        "budgets",
        """{"id":"b","team":"red","amount":5,"window":"month","tag":"${PATH}"}"""
    )]
    [InlineData("limits", """{"id":"l","team":"red","requests_per_minute":5,"tag":"a${PATH}"}""")]
    public async Task ManagersBudget_ThatRefersToAVariable_IsRefusedUnread(string kind, string body)
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, manager) = await house.MakeAsync("\"role\":\"manager\",\"team_id\":\"red\"");

        using var answer = await house.AsAsync(
            manager,
            HttpMethod.Post,
            "/api/admin/" + kind,
            body
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("/bin");
    }

    /// <summary>Names that were tried are remembered, so that nobody fills the memory with theirs.</summary>
    [Fact]
    public async Task SignIn_WithAnEndlessName_IsRefusedBeforeItIsRemembered()
    {
        await using var house = await KeyHouse.StartAsync();

        using var answer = await house.Server.PostAsync(
            "/api/sessions",
            $$"""{"email":"{{new string('a', 255)}}","password":"x"}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Key_NotExactlyAsItWasMade_IsRefusedWithoutHelp()
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, secret) = await house.MakeAsync();
        string[] wrong =
        [
            secret.ToUpperInvariant(),
            secret.ToLowerInvariant(),
            "SK-DM-" + secret[6..],
            secret + "x",
            secret + "%00",
            secret[..^1],
            secret[1..],
            " x" + secret,
            secret + "," + secret,
            secret + " " + secret,
            KeySecret.Make(),
            "Bearer " + secret,
            new string('a', 5_000),
            "null",
        ];

        foreach (var offered in wrong)
        {
            using var answer = await house.AskAsync(offered, "sim/swift");
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, offered);
            (await answer.ErrorCodeAsync()).ShouldBe("invalid_api_key", offered);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("zebra");
        }
        using var right = await house.AskAsync(secret, "sim/swift");
        right.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("x-api-key")]
    [InlineData("api-key")]
    [InlineData("x-goog-api-key")]
    [InlineData("?key=")]
    public async Task Key_InEveryPlace_IsTheCallers(string place)
    {
        await using var house = await KeyHouse.StartAsync();
        var (id, secret) = await house.MakeAsync();

        using var answer =
            place == "?key="
                ? await house.Server.PostAsync(Chat + "?key=" + secret, Body("sim/swift"))
                : await house.Server.PostAsync(Chat, Body("sim/swift"), (place, secret));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RecordAsync(house, answer)).GetProperty("caller").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task Keys_TwoThatCount_AreRefusedAndAPlaceholderIsNot()
    {
        await using var house = await KeyHouse.StartAsync();
        var (id, one) = await house.MakeAsync();
        var (_, other) = await house.MakeAsync();

        using var both = await house.AskAsync(one, "sim/swift", ("x-api-key", other));
        both.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await both.Content.ReadAsStringAsync()).ShouldContain("Two different keys");
        using var twice = await house.AskAsync(one, "sim/swift", ("x-api-key", one));
        twice.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var placeholder = await house.AskAsync(one, "sim/swift", ("x-api-key", "unused"));
        placeholder.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RecordAsync(house, placeholder)).GetProperty("caller").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task Key_RevokedDisabledOrExpired_IsRefusedAtOnceAndSaysWhichToItsHolder()
    {
        var time = new ManualTime();
        await using var house = await KeyHouse.StartAsync(configure: options =>
            options with
            {
                Time = time,
            }
        );
        var expires = time.GetUtcNow().AddMinutes(10).UtcDateTime.ToString("O");
        var (_, expiring) = await house.MakeAsync($"\"expires_at\":\"{expires}\"");
        var (revokedId, revoked) = await house.MakeAsync();
        var (disabledId, disabled) = await house.MakeAsync();
        var (deletedId, deleted) = await house.MakeAsync();
        foreach (var secret in (string[])[expiring, revoked, disabled, deleted])
        {
            using var before = await house.AskAsync(secret, "sim/swift");
            before.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await house.DoAsync(revokedId, "revoke");
        await house.ChangeAsync(disabledId, static key => key["enabled"] = false);
        using (var gone = await house.AdminAsync(HttpMethod.Delete, "/api/admin/keys/" + deletedId))
            gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        time.Advance(TimeSpan.FromMinutes(10));

        foreach (
            var (secret, code) in ((string, string)[])
                [
                    (expiring, "key_expired"),
                    (revoked, "key_revoked"),
                    (disabled, "key_disabled"),
                    // Nothing is known of it any more.
                    (deleted, "invalid_api_key"),
                ]
        )
        {
            using var after = await house.AskAsync(secret, "sim/swift");
            after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await after.ErrorCodeAsync()).ShouldBe(code);
        }
        await house.ChangeAsync(disabledId, static key => key["enabled"] = true);
        using var again = await house.AskAsync(disabled, "sim/swift");
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("revoke", "key_revoked", "openai")]
    [InlineData("disable", "key_disabled", "openai")]
    [InlineData("delete", "key_deleted", "openai")]
    [InlineData("rotate", "key_replaced", "openai")]
    [InlineData("expire", "key_expired", "openai")]
    [InlineData("revoke", "key_revoked", "anthropic")]
    [InlineData("revoke", "key_revoked", "native")]
    public async Task Key_EndedMidstream_EndsTheStreamWithATypedError(
        string how,
        string code,
        string dialect
    )
    {
        var never = new TaskCompletionSource();
        await using var provider = await ScriptedProvider.StartAsync(
            new ScriptedProvider.Answer(
                200,
                "text/event-stream",
                "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Once\"},\"finish_reason\":null}]}\n\n"
            )
            {
                Rest =
                    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
                Until = never.Task,
            }
        );
        await using var house = await KeyHouse.StartAsync(
            $"  tale: {{ dialect: openai, base_url: \"{provider.BaseUrl}\", api_keys: [sk-upstream] }}"
        );
        var (id, secret) = await house.MakeAsync();
        var (_, bystander) = await house.MakeAsync();
        using var stream = await OpenAsync(house, secret, dialect);
        using var other = await OpenAsync(house, bystander, dialect);
        stream.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var body = await stream.Content.ReadAsStreamAsync();
        await using var otherBody = await other.Content.ReadAsStreamAsync();
        (await UntilAsync(body, "Once")).ShouldContain("Once");
        (await UntilAsync(otherBody, "Once")).ShouldContain("Once");

        await EndAsync(house, id, how);

        // Anthropic's errors have a type and no code.
        var rest = await UntilAsync(body, dialect == "anthropic" ? "authentication_error" : code);
        rest.ShouldContain("The API key 'zebra'");
        rest.ShouldNotContain("[DONE]");
        rest.ShouldNotContain("message_stop");
        // What is not whole has no end that could be taken for one.
        await Should.ThrowAsync<Exception>(async () => await body.CopyToAsync(Stream.Null));
        // Nobody else's stream ends with it.
        never.SetResult();
        await otherBody.CopyToAsync(Stream.Null);
    }

    [Fact]
    public async Task Key_RevokedBeforeAnAnswerCame_IsToldSoAndNoProviderIsBlamed()
    {
        var never = new TaskCompletionSource();
        await using var provider = await ScriptedProvider.StartAsync(
            new ScriptedProvider.Answer(200, "application/json", "{\"id\":")
            {
                Rest = "1}",
                Until = never.Task,
            }
        );
        await using var house = await KeyHouse.StartAsync(
            $$"""
              slow: { dialect: openai, base_url: "{{provider.BaseUrl}}", api_keys: [sk-upstream] }
            routes: { either: { strategy: priority, models: [slow/m, sim/swift] } }
            """
        );
        var (id, secret) = await house.MakeAsync();
        var asking = house.AskAsync(secret, "either");
        await Eventually.TrueAsync(() => provider.Count == 1);

        await house.DoAsync(id, "revoke");

        using var answer = await asking;
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.ErrorCodeAsync()).ShouldBe("key_revoked");
        never.SetResult();
        // The next in the chain was not asked on behalf of a key that counts no longer.
        var record = await RecordAsync(house, answer);
        record.GetProperty("attempts").GetArrayLength().ShouldBe(1);
        record.GetProperty("error_code").GetString().ShouldBe("key_revoked");
    }

    [Fact]
    public async Task Secret_RotatedWithGrace_CountsForItAndNoLonger()
    {
        var time = new ManualTime();
        await using var house = await KeyHouse.StartAsync(configure: options =>
            options with
            {
                Time = time,
            }
        );
        var (id, old) = await house.MakeAsync();

        var rotated = await house.DoAsync(id, "rotate", """{"grace_seconds":600}""");
        var next = rotated.GetProperty("secret").GetString()!;
        next.ShouldNotBe(old);
        rotated.GetProperty("former_secret_until").ValueKind.ShouldBe(JsonValueKind.String);

        foreach (var secret in (string[])[old, next])
        {
            using var inGrace = await house.AskAsync(secret, "sim/swift");
            inGrace.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await RecordAsync(house, inGrace)).GetProperty("caller").GetString().ShouldBe(id);
        }
        time.Advance(TimeSpan.FromSeconds(600));
        using var late = await house.AskAsync(old, "sim/swift");
        late.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var still = await house.AskAsync(next, "sim/swift");
        still.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Model_NamedInAnyOtherWay_IsTheOneThatIsChecked()
    {
        await using var house = await KeyHouse.StartAsync(
            """
            aliases: { sly: sim/sage, fine: sim/swift }
            routes: { both: { strategy: priority, models: [sim/sage, sim/swift] }, dear: { models: [sim/sage] } }
            chains: { pricey: { models: [sim/sage] } }
            agents: { wise: { model: sim/sage } }
            models: [ { name: tin, provider: sim, model: swift } ]
            """
        );
        var (_, secret) = await house.MakeAsync("\"models\":[\"sim/swift\"]");
        string[] beyond =
        [
            "sim/sage",
            "sage",
            "SIM/sage",
            "sim/SWIFT",
            "sim/swift ",
            " sim/swift",
            "sim/swift\u0000",
            "sim%2Fsage",
            "other/swift",
            "sly",
            "dear",
            "chain:pricey",
            "agent:wise",
        ];
        foreach (var name in beyond)
        {
            using var answer = await house.AskAsync(secret, name);
            ((int)answer.StatusCode).ShouldBeOneOf(403, 404);
            (await answer.ErrorCodeAsync()).ShouldBeOneOf("model_not_allowed", "model_not_found");
        }
        using (var refused = await house.AskAsync(secret, "sim/sage"))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            var error = (await refused.JsonAsync()).GetProperty("error");
            error.GetProperty("message").GetString()!.ShouldContain("'sim/sage'");
            error.GetProperty("message").GetString()!.ShouldContain("sim/swift");
            error.GetProperty("param").GetString().ShouldBe("model");
        }
        foreach (var name in (string[])["sim/swift", "fine", "both", "swift", "tin", "auto"])
        {
            using var answer = await house.AskAsync(secret, name);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, name);
            answer.Headers.GetValues("x-dragoman-model").ShouldBe(["sim/swift"]);
        }
    }

    [Theory]
    [InlineData("""{"model":"sim/swift","model":"sim/sage","messages":[]}""")]
    [InlineData("""{"model":"sim/swift","MODEL":"sim/sage","messages":[]}""")]
    [InlineData("""{"model":"sim/swift","\u006dodel":"sim/sage","messages":[]}""")]
    public async Task Model_NamedTwice_IsRefusedBeforeAnythingIsSent(string body)
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, secret) = await house.MakeAsync("\"models\":[\"sim/swift\"]");

        using var answer = await house.AsAsync(secret, HttpMethod.Post, Chat, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/v1beta/models/sim%2Fsage:generateContent")]
    [InlineData("/v1beta/models/sim%2fsage:generateContent")]
    [InlineData("/v1beta/sim/sage:generateContent")]
    [InlineData("/v1/models/sim%2Fsage:streamGenerateContent?alt=sse")]
    public async Task Model_InTheAddress_IsCheckedAsItIsSent(string address)
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, secret) = await house.MakeAsync("\"models\":[\"sim/swift\"]");
        const string Body =
            """{"model":"sim/swift","contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""";

        using var answer = await house.AsAsync(secret, HttpMethod.Post, address, Body);
        using var allowed = await house.AsAsync(
            secret,
            HttpMethod.Post,
            address.Replace("sage", "swift", StringComparison.Ordinal),
            Body
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("sim/sage");
        allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("fallback", "x-dragoman-fallback", "sim/sage", 200)]
    [InlineData("chain", "x-dragoman-chain", "pricey", 200)]
    public async Task Fallback_ThatIsNotAllowed_IsNeverAsked(
        string wish,
        string header,
        string value,
        int status
    )
    {
        await using var house = await KeyHouse.StartAsync(
            """
            chains: { pricey: { models: [sim/sage] } }
            models: [ { name: broken, provider: sim, model: fault-500, fallback_models: [sim/sage] } ]
            """
        );
        var (_, secret) = await house.MakeAsync("\"models\":[\"sim/swift\",\"broken\"]");

        using var fails = await house.AskAsync(secret, "broken", (header, value));
        ((int)fails.StatusCode).ShouldBeGreaterThanOrEqualTo(500, wish);
        using var own = await house.AskAsync(secret, "broken");
        ((int)own.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        using var answers = await house.AskAsync(secret, "sim/swift", (header, value));
        ((int)answers.StatusCode).ShouldBe(status);
        foreach (var record in await RecordsAsync(house))
        foreach (var attempt in record.GetProperty("attempts").EnumerateArray())
            attempt.GetProperty("model").GetString().ShouldNotBe("sim/sage");
    }

    [Fact]
    public async Task Names_ThatAreNotAmongTheRoutes_AreRefusedWhereverTheyAreNamed()
    {
        await using var house = await KeyHouse.StartAsync(
            """
            aliases: { quick: sim/swift }
            routes: { fast: { models: [sim/swift] }, other: { models: [sim/swift] } }
            chains: { mine: { models: [sim/swift] } }
            models: [ { name: tin, provider: sim, model: swift } ]
            """
        );
        var (_, secret) = await house.MakeAsync("\"routes\":[\"fast\",\"auto\"]");

        foreach (var name in (string[])["other", "quick", "sim/swift", "swift", "chain:mine"])
        {
            using var refused = await house.AskAsync(secret, name);
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, name);
        }
        using var byFallback = await house.AskAsync(
            secret,
            "fast",
            ("x-dragoman-fallback", "other")
        );
        byFallback.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var byChain = await house.AskAsync(secret, "fast", ("x-dragoman-chain", "mine"));
        byChain.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var name in (string[])["fast", "fast:latest", "auto"])
        {
            using var taken = await house.AskAsync(secret, name);
            taken.StatusCode.ShouldBe(HttpStatusCode.OK, name);
        }
    }

    [Fact]
    public async Task Native_CallsThatAreNotAllowed_AreRefusedToo()
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, secret) = await house.MakeAsync("\"models\":[\"sim/swift\"]");
        foreach (
            var (path, body) in ((string, string)[])
                [
                    ("query", """{"prompt":"Hi","model":"sim/sage"}"""),
                    ("query", """{"prompt":"Hi","force_model":"sim/sage"}"""),
                    ("query", """{"input":["Hi"],"model":"sim/embed"}"""),
                    ("route", """{"prompt":"Hi","model":"sim/sage"}"""),
                ]
        )
        {
            using var answer = await house.AsAsync(
                secret,
                HttpMethod.Post,
                "/api/llm/" + path,
                body
            );
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, body);
            (await answer.JsonAsync())
                .GetProperty("code")
                .GetString()
                .ShouldBe("model_not_allowed");
        }
        using var compared = await house.AsAsync(
            secret,
            HttpMethod.Post,
            "/api/llm/compare",
            """{"prompt":"Hi","models":["sim/swift","sim/sage"]}"""
        );
        var answers = (await compared.JsonAsync()).GetProperty("answers");
        answers[0].GetProperty("content").GetString()!.ShouldNotBeEmpty();
        answers[1].GetProperty("error").ToString().ShouldContain("may not call");
    }

    [Theory]
    [InlineData("x-dragoman-workspace-id", "workspace_id", "finance")]
    [InlineData("x-dragoman-workspace-id", "workspace_id", "Legal")]
    [InlineData("X-DRAGOMAN-WORKSPACE-ID", "workspace_id", "legal,finance")]
    [InlineData("x-dragoman-user-tier", "user_tier", "platinum")]
    [InlineData("x-dragoman-tags", "tags", "vip")]
    public async Task Wish_AgainstWhatTheKeyFixes_IsRefusedInHeaderAndBody(
        string header,
        string field,
        string value
    )
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, secret) = await house.MakeAsync(
            """
            "workspace_id":"legal","user_tier":"gold","tags":["law"]
            """
        );
        var said = field == "tags" ? $"[\"{value}\"]" : $"\"{value}\"";

        using var inHeader = await house.AskAsync(secret, "sim/swift", (header, value));
        using var inBody = await house.AsAsync(
            secret,
            HttpMethod.Post,
            Chat,
            $$"""{"model":"sim/swift","dragoman":{"{{field}}":{{said}}},"messages":[{"role":"user","content":"Hi"}]}"""
        );
        using var native = await house.AsAsync(
            secret,
            HttpMethod.Post,
            "/api/llm/query",
            $$"""{"model":"sim/swift","prompt":"Hi","{{field}}":{{said}}}"""
        );

        foreach (var refused in (HttpResponseMessage[])[inHeader, inBody])
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            var error = (await refused.JsonAsync()).GetProperty("error");
            error.GetProperty("code").GetString().ShouldBe("fixed_by_key");
            error.GetProperty("param").GetString().ShouldBe(field);
        }
        native.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var silent = await house.AskAsync(secret, "sim/swift");
        silent.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = await RecordAsync(house, silent);
        record.GetProperty("workspace_id").GetString().ShouldBe("legal");
        record.GetProperty("user_tier").GetString().ShouldBe("gold");
        record.GetProperty("tags")[0].GetString().ShouldBe("law");
    }

    [Theory]
    [InlineData("127.0.0.0/8", null, true)]
    [InlineData("203.0.113.0/24", null, false)]
    [InlineData("203.0.113.0/24", "203.0.113.7", false)]
    [InlineData("::ffff:127.0.0.1", null, true)]
    public async Task Address_IsTheConnections_WhateverAHeaderClaims(
        string allowed,
        string? claimed,
        bool isServed
    )
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, secret) = await house.MakeAsync($"\"allowed_ips\":[\"{allowed}\"]");

        using var answer = claimed is null
            ? await house.AskAsync(secret, "sim/swift")
            : await house.AskAsync(
                secret,
                "sim/swift",
                ("X-Forwarded-For", claimed),
                ("X-Real-IP", claimed),
                ("Forwarded", "for=" + claimed)
            );

        answer.StatusCode.ShouldBe(isServed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        if (!isServed)
            (await answer.ErrorCodeAsync()).ShouldBe("address_not_allowed");
    }

    private static async Task<HttpResponseMessage> OpenAsync(
        KeyHouse house,
        string secret,
        string dialect
    )
    {
        var (path, body) = dialect switch
        {
            "anthropic" => (
                "/v1/messages",
                """{"model":"tale/m","stream":true,"max_tokens":99,"messages":[{"role":"user","content":"Hi"}]}"""
            ),
            "native" => ("/api/llm/query", """{"model":"tale/m","stream":true,"prompt":"Hi"}"""),
            _ => (
                Chat,
                """{"model":"tale/m","stream":true,"messages":[{"role":"user","content":"Hi"}]}"""
            ),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", secret);
        return await house.Server.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead
        );
    }

    private static async Task EndAsync(KeyHouse house, string id, string how)
    {
        switch (how)
        {
            case "disable":
                await house.ChangeAsync(id, static key => key["enabled"] = false);
                break;
            case "expire":
                await house.ChangeAsync(
                    id,
                    static key =>
                        key["expires_at"] = DateTimeOffset.UtcNow.AddSeconds(1).ToString("O")
                );
                break;
            case "delete":
                using (
                    var gone = await house.AdminAsync(HttpMethod.Delete, "/api/admin/keys/" + id)
                )
                    gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
                break;
            default:
                await house.DoAsync(id, how);
                break;
        }
    }

    /// <summary>Reads until a word has come, and gives all that came.</summary>
    private static async Task<string> UntilAsync(Stream body, string word)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var read = new StringBuilder();
        var buffer = new byte[4096];
        while (!read.ToString().Contains(word, StringComparison.Ordinal))
        {
            var count = await body.ReadAsync(buffer, limit.Token);
            count.ShouldBePositive($"'{word}' did not come: {read}");
            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        return read.ToString();
    }

    private static async Task<JsonElement> RecordAsync(KeyHouse house, HttpResponseMessage answer)
    {
        var id = answer.Headers.GetValues("x-dragoman-request-id").Single();
        using var record = await house.AdminAsync(HttpMethod.Get, "/api/llm/requests/" + id);
        return await record.JsonAsync();
    }

    private static async Task<IReadOnlyList<JsonElement>> RecordsAsync(KeyHouse house)
    {
        using var list = await house.AdminAsync(HttpMethod.Get, "/api/llm/requests");
        return [.. (await list.JsonAsync()).GetProperty("requests").EnumerateArray()];
    }

    private static string Body(string model) =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}""";
}
