using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Shouldly;
using Xunit;
using Answer = Dragoman.Server.Tests.Inference.ScriptedProvider.Answer;

namespace Dragoman.Server.Tests.Inference;

/// <summary>Anthropic's clients at the door, and Anthropic as a provider, over HTTP.</summary>
public sealed class AnthropicEndpointTests
{
    private const string Messages = "/v1/messages";
    private const string Count = "/v1/messages/count_tokens";
    private const string Hello =
        """{"model":"p/m","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""";
    private const string Reply =
        """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":2}}""";
    private const string Completion =
        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""";

    private const string Stream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    [Fact]
    public async Task Messages_ToAProviderOfTheSameDialect_AreRelayedByteForByte()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            Answer.Json(Reply) with
            {
                Headers =
                [
                    ("request-id", "req_7"),
                    ("anthropic-ratelimit-requests-remaining", "41"),
                    ("anthropic-organization-id", "secret"),
                ],
            }
        );
        await using var server = await StartAsync(provider, "anthropic");

        using var answer = await server.PostAsync(
            Messages,
            Hello,
            ("anthropic-beta", "x-2026"),
            ("anthropic-version", "2023-01-01")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(Reply);
        Header(answer, "request-id").ShouldBe("req_7");
        Header(answer, "anthropic-ratelimit-requests-remaining").ShouldBe("41");
        answer.Headers.Contains("anthropic-organization-id").ShouldBeFalse();
        provider.Last.Path.ShouldBe(Messages);
        provider.Last.Body.ShouldBe(Hello.Replace("p/m", "m"));
        provider.Last.Headers["x-api-key"].ToString().ShouldBe("sk-up");
        provider.Last.Headers["anthropic-beta"].ToString().ShouldBe("x-2026");
        provider.Last.Headers["anthropic-version"].ToString().ShouldBe("2023-01-01");
    }

    [Fact]
    public async Task Messages_Streamed_AreRelayedByteForByte()
    {
        await using var provider = await ScriptedProvider.StartAsync(Answer.Stream(Stream));
        await using var server = await StartAsync(provider, "anthropic");

        using var answer = await server.PostAsync(Messages, Streamed(Hello));

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await answer.Content.ReadAsStringAsync()).ShouldBe(Stream);
        provider.Last.Headers["anthropic-version"].ToString().ShouldBe("2023-06-01");
    }

    [Fact]
    public async Task Messages_ToAnOpenAIProvider_AreTranslatedThereAndBack()
    {
        await using var provider = await ScriptedProvider.StartAsync(Answer.Json(Completion));
        await using var server = await StartAsync(provider, "openai");

        using var answer = await server.PostAsync(
            Messages,
            Hello.Replace(
                "\"Hello\"",
                "[{\"type\":\"text\",\"text\":\"Hello\",\"cache_control\":{\"type\":\"ephemeral\"}}]"
            )
        );

        var message = await answer.JsonAsync();
        message.GetProperty("type").GetString().ShouldBe("message");
        message.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Hi");
        message.GetProperty("stop_reason").GetString().ShouldBe("end_turn");
        message.GetProperty("usage").GetProperty("input_tokens").GetInt64().ShouldBe(5);
        provider.Last.Path.ShouldBe("/v1/chat/completions");
        Header(answer, "x-dragoman-changes").ShouldBe("dropped:messages[0].cache_control");
        Header(answer, "request-id").ShouldBe(Header(answer, "x-dragoman-request-id"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_ToAnAnthropicProvider_IsTranslatedThereAndBack(bool isStream)
    {
        await using var provider = await ScriptedProvider.StartAsync(
            isStream ? Answer.Stream(Stream) : Answer.Json(Reply)
        );
        await using var server = await StartAsync(provider, "anthropic");
        const string chat = """{"model":"p/m","messages":[{"role":"user","content":"Hello"}]}""";

        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            isStream ? Streamed(chat) : chat
        );

        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain(isStream ? "\"delta\":{\"content\":\"Hi\"}" : "\"content\":\"Hi\"");
        text.ShouldContain("\"finish_reason\":\"stop\"");
        provider.Last.Path.ShouldBe(Messages);
        provider.Last.Headers["anthropic-version"].ToString().ShouldBe("2023-06-01");
        JsonDocument
            .Parse(provider.Last.Body)
            .RootElement.GetProperty("max_tokens")
            .GetInt32()
            .ShouldBe(4096);
    }

    [Theory]
    [InlineData("anthropic", 529)]
    [InlineData("openai", 503)]
    public async Task Messages_OfAnOverloadedProvider_AreAnsweredAsAnthropicWould(
        string dialect,
        int status
    )
    {
        await using var provider = await ScriptedProvider.StartAsync(
            Answer.Json(
                """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
                status
            ) with
            {
                Headers = [("Retry-After", "30")],
            }
        );
        await using var server = await StartAsync(provider, dialect);

        using var answer = await server.PostAsync(Messages, Hello);

        ((int)answer.StatusCode).ShouldBe(529);
        Header(answer, "Retry-After").ShouldBe("30");
        var error = await answer.JsonAsync();
        error.GetProperty("type").GetString().ShouldBe("error");
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe("overloaded_error");
    }

    [Fact]
    public async Task Chat_OfAnOverloadedProvider_IsAnsweredAsOpenAIWould()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            Answer.Json(
                """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
                529
            )
        );
        await using var server = await StartAsync(provider, "anthropic");

        using var answer = await server.PostAsync("/v1/chat/completions", Hello);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(404, "not_found_error")]
    [InlineData(413, "request_too_large")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "api_error")]
    public async Task Messages_RefusedUpstream_KeepStatusAndBody(int status, string type)
    {
        var body =
            $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"Because."},"request_id":"req_1"}""";
        await using var provider = await ScriptedProvider.StartAsync(Answer.Json(body, status));
        await using var server = await StartAsync(provider, "anthropic");

        using var answer = await server.PostAsync(Messages, Hello);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(body);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    public async Task Messages_BrokenMidStream_EndWithAnErrorEventAndNoStop(string dialect)
    {
        var (start, rest) =
            dialect == "anthropic"
                ? (
                    Stream[..Stream.IndexOf("event: content_block_stop", StringComparison.Ordinal)],
                    "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"
                )
                : (
                    "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n",
                    "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}\n\n"
                );
        var seenFirst = new TaskCompletionSource();
        await using var provider = await ScriptedProvider.StartAsync(
            Answer.Stream(start) with
            {
                Rest = rest,
                Until = seenFirst.Task,
            }
        );
        await using var server = await StartAsync(provider, dialect);

        using var answer = await server.StreamAsync(Messages, Streamed(Hello));
        var stream = await answer.Content.ReadAsStreamAsync();
        var seen = new MemoryStream();
        var buffer = new byte[4096];
        while (
            !Encoding.UTF8.GetString(seen.ToArray()).Contains("\"Hi\"", StringComparison.Ordinal)
        )
            seen.Write(buffer, 0, await stream.ReadAsync(buffer));
        seenFirst.SetResult();
        await Should.ThrowAsync<HttpIOException>(async () => await stream.CopyToAsync(seen));

        var text = Encoding.UTF8.GetString(seen.ToArray());
        text.ShouldContain(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\""
        );
        text.ShouldNotContain("message_stop");
        var record = await (
            await server.GetAsync("/api/llm/requests/" + Header(answer, "x-dragoman-request-id"))
        ).JsonAsync();
        record.GetProperty("outcome").GetString().ShouldBe("broken");
        record.GetProperty("usage").GetProperty("output").GetInt64().ShouldBePositive();
        record.GetProperty("usage").GetProperty("estimated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task CountTokens_OfAProviderThatCounts_IsItsCount()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            Answer.Json("""{"input_tokens":2095}""")
        );
        await using var server = await StartAsync(provider, "anthropic");

        using var answer = await server.PostAsync(Count, Hello);

        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"input_tokens":2095}""");
        provider.Last.Path.ShouldBe(Count);
    }

    [Fact]
    public async Task CountTokens_AtADeploymentWithDefaults_IsSentNone()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            Answer.Json("""{"input_tokens":1}""")
        );
        await using var server = await ServerUnderTest.StartAsync(
            config: Config(provider, "anthropic")
                + "\nmodels: [{ name: warm, provider: p, model: m, temperature: 0.3 }]\n"
        );

        using var answer = await server.PostAsync(Count, Hello.Replace("p/m", "warm"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        provider.Last.Body.ShouldBe(Hello.Replace("p/m", "m"));
    }

    [Theory]
    [InlineData("openai", 200)]
    [InlineData("anthropic", 404)]
    public async Task CountTokens_OfAProviderThatCannot_IsEstimated(string dialect, int status)
    {
        await using var provider = await ScriptedProvider.StartAsync(
            Answer.Json(
                """{"type":"error","error":{"type":"not_found_error","message":"?"}}""",
                status
            )
        );
        await using var server = await StartAsync(provider, dialect);

        using var answer = await server.PostAsync(Count, Hello);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.JsonAsync()).GetProperty("input_tokens").GetInt64().ShouldBeInRange(2, 9);
        Header(answer, "x-dragoman-changes").ShouldBe("estimated:tokens");
    }

    [Fact]
    public async Task Messages_WithoutALimit_AreRefusedNamingIt()
    {
        await using var provider = await ScriptedProvider.StartAsync(Answer.Json(Completion));
        await using var server = await StartAsync(provider, "openai");

        using var answer = await server.PostAsync(Messages, Hello.Replace("\"max_tokens\":9,", ""));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await answer.JsonAsync()).GetProperty("error");
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("message").GetString()!.ShouldStartWith("max_tokens:");
        provider.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("POST", "/v1/messages/batches", 404, "not_found_error")]
    [InlineData("GET", "/v1/messages", 405, "invalid_request_error")]
    [InlineData("GET", "/v1/models/nothing", 404, "not_found_error")]
    public async Task Errors_AtAnthropicsAddresses_HaveItsShape(
        string method,
        string path,
        int status,
        string type
    )
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.SendAsync(
            new HttpMethod(method),
            path,
            method == "POST" ? new StringContent("{}", Encoding.UTF8, ServerUnderTest.Json) : null,
            ("anthropic-version", "2023-06-01")
        );

        ((int)answer.StatusCode).ShouldBe(status);
        var error = await answer.JsonAsync();
        error.GetProperty("type").GetString().ShouldBe("error");
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe(type);
    }

    [Theory]
    [InlineData("x-api-key", "k", true)]
    [InlineData("Authorization", "Bearer k", true)]
    [InlineData("x-api-key", "wrong", false)]
    public async Task Messages_BehindAKey_TakeItInEitherHeader(
        string header,
        string value,
        bool isTaken
    )
    {
        await using var provider = await ScriptedProvider.StartAsync(Answer.Json(Reply));
        await using var server = await ServerUnderTest.StartAsync(
            "k",
            Config(provider, "anthropic")
        );

        using var answer = await server.PostAsync(Messages, Hello, (header, value));

        answer.StatusCode.ShouldBe(isTaken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        if (!isTaken)
            (await answer.JsonAsync())
                .GetProperty("error")
                .GetProperty("type")
                .GetString()
                .ShouldBe("authentication_error");
    }

    [Fact]
    public async Task Models_AskedByAnAnthropicClient_ComeInPages()
    {
        await using var provider = await ScriptedProvider.StartAsync(Answer.Json(Reply));
        await using var server = await ServerUnderTest.StartAsync(
            config: $"providers: {{ p: {{ dialect: anthropic, base_url: \"{provider.BaseUrl}\" }} }}\n"
                + "models: [{ name: aa, provider: p, model: m }, { name: bb, provider: p, model: n }]\n"
        );
        var version = ("anthropic-version", "2023-06-01");

        var all = await (await server.GetAsync("/v1/models", version)).JsonAsync();
        var ids = Ids(all);
        ids.ShouldContain("aa");
        all.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        all.GetProperty("first_id").GetString().ShouldBe(ids[0]);
        all.GetProperty("last_id").GetString().ShouldBe(ids[^1]);
        all.GetProperty("data")[0].GetProperty("type").GetString().ShouldBe("model");
        all.GetProperty("data")[0].GetProperty("created_at").GetString()!.ShouldEndWith("Z");

        var first = await (await server.GetAsync("/v1/models?limit=1", version)).JsonAsync();
        Ids(first).ShouldBe([ids[0]]);
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        var second = await (
            await server.GetAsync($"/v1/models?limit=1&after_id={ids[0]}", version)
        ).JsonAsync();
        Ids(second).ShouldBe([ids[1]]);
        var before = await (
            await server.GetAsync($"/v1/models?limit=1&before_id={ids[2]}", version)
        ).JsonAsync();
        Ids(before).ShouldBe([ids[1]]);
        before.GetProperty("has_more").GetBoolean().ShouldBeTrue();

        var one = await (await server.GetAsync("/v1/models/aa", version)).JsonAsync();
        one.GetProperty("id").GetString().ShouldBe("aa");
        one.GetProperty("display_name").GetString().ShouldBe("aa");
        using var wrong = await server.GetAsync("/v1/models?limit=0", version);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await server.GetAsync("/v1/models")).JsonAsync())
            .GetProperty("object")
            .GetString()
            .ShouldBe("list");
    }

    private static List<string> Ids(JsonElement page) =>
        [
            .. page.GetProperty("data")
                .EnumerateArray()
                .Select(m => m.GetProperty("id").GetString()!),
        ];

    private static string Streamed(string body) => body.Insert(1, "\"stream\":true,");

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static Task<ServerUnderTest> StartAsync(ScriptedProvider provider, string dialect) =>
        ServerUnderTest.StartAsync(config: Config(provider, dialect));

    private static string Config(ScriptedProvider provider, string dialect) =>
        $"providers: {{ p: {{ dialect: {dialect}, base_url: \"{provider.BaseUrl}\", api_keys: [sk-up] }} }}";
}
