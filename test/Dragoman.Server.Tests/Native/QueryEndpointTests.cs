using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Server.Hosting;
using Dragoman.Server.Inference;
using Dragoman.Server.Native;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary><c>POST /api/llm/query</c> at a real server, as a client without a library sees it.</summary>
public sealed class QueryEndpointTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Query_Plain_HasEveryMemberOfTheContract()
    {
        await using var server = await StartAsync(
            "models: [{ name: quick, provider: sim, model: swift, cost_per_1k_input: 0.001, cost_per_1k_output: 0.002 }]\n"
        );

        using var answer = await server.PostAsync(
            "/api/llm/query",
            """{"prompt":"Good morning","model_id":"quick"}"""
        );
        var json = await answer.JsonAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        json.GetProperty("content").GetString()!.ShouldContain("Good morning");
        json.GetProperty("model").GetString().ShouldBe("swift");
        json.GetProperty("provider").GetString().ShouldBe("sim");
        json.GetProperty("finish_reason").GetString().ShouldBe("stop");
        json.GetProperty("usage").GetProperty("total_input").GetInt64().ShouldBeGreaterThan(0);
        json.GetProperty("cost_usd").GetDecimal().ShouldBeGreaterThan(0);
        json.GetProperty("latency_ms").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("cached").GetBoolean().ShouldBeFalse();
        json.GetProperty("attempts").GetArrayLength().ShouldBe(1);
        json.GetProperty("routing").GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
        // Nobody said what task it is: told as such, not left out.
        json.GetProperty("task").ValueKind.ShouldBe(JsonValueKind.Null);
        answer
            .Headers.GetValues("x-dragoman-request-id")
            .ShouldBe([json.GetProperty("id").GetString()!]);
        answer.Headers.GetValues("x-dragoman-model").ShouldBe(["sim/swift"]);
    }

    [Fact]
    public async Task Query_EveryField_ReachesTheProviderOrTheRecord()
    {
        // Within a budget only who has a price is asked.
        await using var server = await StartAsync(
            "models: [{ name: priced, provider: sim, model: coder, cost_per_1k_input: 0.001, cost_per_1k_output: 0.002 }]\n"
        );

        using var answer = await server.PostAsync(
            "/api/llm/query",
            """
            {"messages":[{"role":"user","content":"Hi"}],"system_prompt":"Be brief.",
             "conversation_history":[{"role":"user","content":"I am Ada."},{"role":"assistant","content":"Hello Ada."}],
             "provider":"sim","model":"coder","temperature":0.5,"top_p":0.9,"top_k":3,"max_tokens":77,"presence_penalty":0.1,
             "frequency_penalty":0.2,"seed":11,"stop":["X"],"user":"u1","reasoning_effort":"low","enable_fallback":false,
             "budget_remaining":1.5,"prefer_low_latency":true,"tags":["a"],"workspace_id":"w","strict":false}
            """
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var sent = JsonElement.Parse(provider.Host.Requests.Of("coder")[^1].BodyText);
        sent.GetProperty("messages")
            .EnumerateArray()
            .Select(static message => message.GetProperty("content").GetString())
            .ShouldBe(["Be brief.", "I am Ada.", "Hello Ada.", "Hi"]);
        sent.GetProperty("temperature").GetDouble().ShouldBe(0.5);
        sent.GetProperty("top_p").GetDouble().ShouldBe(0.9);
        sent.GetProperty("top_k").GetInt32().ShouldBe(3);
        sent.GetProperty("max_tokens").GetInt32().ShouldBe(77);
        sent.GetProperty("presence_penalty").GetDouble().ShouldBe(0.1);
        sent.GetProperty("frequency_penalty").GetDouble().ShouldBe(0.2);
        sent.GetProperty("seed").GetInt32().ShouldBe(11);
        sent.GetProperty("stop")[0].GetString().ShouldBe("X");
        sent.GetProperty("user").GetString().ShouldBe("u1");
        sent.GetProperty("reasoning_effort").GetString().ShouldBe("low");
        sent.TryGetProperty("tags", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Query_Streamed_SendsDeltasAndLastTheWholeRecord()
    {
        await using var server = await StartAsync();

        using var answer = await server.StreamAsync(
            "/api/llm/query",
            """{"prompt":"Tell me 40 words","model":"sim/sage","stream":true}"""
        );
        var body = await answer.Content.ReadAsStringAsync();

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonElement.Parse(line["data: ".Length..]))
            .ToList();
        events[^1].GetProperty("id").GetString()!.ShouldStartWith("req_");
        var deltas = events
            .Where(static it => it.TryGetProperty("delta", out _))
            .Select(static it => it.GetProperty("delta").GetString());
        string.Concat(deltas).ShouldBe(events[^1].GetProperty("content").GetString());
        events.Count(static it => it.TryGetProperty("delta", out _)).ShouldBeGreaterThan(3);
        events[^1].GetProperty("first_content_ms").GetDouble().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("""{"model":"sim/swift"}""", 400, "invalid_request", "prompt")]
    [InlineData("""{"prompt":"a","messages":[]}""", 400, "invalid_request", "messages")]
    [InlineData("""{"prompt":1}""", 400, "invalid_request", "prompt")]
    [InlineData("""{"prompt":"a","promt":"b"}""", 400, "invalid_request", "promt")]
    [InlineData("""{"prompt":"a","prompt":"b"}""", 400, "invalid_request", "prompt")]
    [InlineData("""{"prompt":"a","provider":"sim"}""", 400, "invalid_request", "provider")]
    [InlineData(
        """{"prompt":"a","model":"x","model_id":"y"}""",
        400,
        "invalid_request",
        "model_id"
    )]
    [InlineData("""{"prompt":"a","stream":"yes"}""", 400, "invalid_request", "stream")]
    [InlineData(
        """{"prompt":"a","budget_remaining":-1}""",
        400,
        "invalid_request",
        "budget_remaining"
    )]
    [InlineData("""{"prompt":"a","task_type":"gardening"}""", 400, "invalid_wish", "task_type")]
    [InlineData("""{"prompt":"a","async":true}""", 501, "not_supported", "async")]
    [InlineData("""{"input":[]}""", 400, "invalid_request", "input")]
    [InlineData("""{"input":["a"],"stream":true}""", 400, "invalid_request", "stream")]
    [InlineData("""{"input":["a"],"prompt":"b"}""", 400, "invalid_request", "input")]
    [InlineData("""{"prompt":"a","model":"no/such"}""", 404, "model_not_found", "model")]
    [InlineData(
        """{"system_prompt":"s","conversation_history":[{"role":"user","content":"a"}],"messages":[{"role":"user","content":[{"text":"b"}]}]}""",
        400,
        "invalid_request",
        "messages[0].content[0].type"
    )]
    [InlineData(
        """{"system_prompt":"s","conversation_history":[{"role":"user"},{"role":"king","content":"a"}],"prompt":"b"}""",
        400,
        "invalid_request",
        "conversation_history[1].role"
    )]
    [InlineData("[1]", 400, "invalid_request", null)]
    [InlineData("{\"prompt\":", 400, "invalid_json", null)]
    public async Task Query_ThatIsWrong_IsAProblemDocumentThatNamesTheField(
        string body,
        int status,
        string code,
        string? param
    )
    {
        await using var server = await StartAsync();

        using var answer = await server.PostAsync("/api/llm/query", body);
        var problem = await answer.JsonAsync();

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("kind").GetString().ShouldNotBeNullOrEmpty();
        (problem.TryGetProperty("param", out var said) ? said.GetString() : null).ShouldBe(param);
    }

    [Fact]
    public async Task Query_OtherMethods_AreToldTheRightOne()
    {
        await using var server = await StartAsync();

        using var answer = await server.GetAsync("/api/llm/query");

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldBe(["POST"]);
    }

    [Fact]
    public async Task Query_BrokenMidway_EndsWithAnErrorEventAndABrokenBody()
    {
        await using var server = await StartAsync();

        using var answer = await server.StreamAsync(
            "/api/llm/query",
            """{"prompt":"Tell me 40 words","model":"sim/fault-error-mid-stream","stream":true,"enable_fallback":false}"""
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        await Should.ThrowAsync<HttpIOException>(async () =>
        {
            while (await reader.ReadLineAsync() is { } line)
                lines.Add(line);
        });

        var error = lines.IndexOf("event: error");
        error.ShouldBeGreaterThan(0);
        var problem = JsonElement.Parse(lines[error + 1]["data: ".Length..]);
        problem.GetProperty("kind").GetString().ShouldBe("upstream");
        problem.GetProperty("request_id").GetString()!.ShouldStartWith("req_");
        problem.GetProperty("attempts").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Query_ClientLeavesWhileItWaits_IsRecordedAsCancelled()
    {
        await using var server = await StartAsync();
        var before = provider.Host.Requests.CountOf("fault-slow-first");
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/llm/query")
        {
            Content = new StringContent(
                """{"prompt":"Hi","model":"sim/fault-slow-first","stream":true}""",
                Encoding.UTF8,
                ServerUnderTest.Json
            ),
        };
        var running = server.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            leave.Token
        );
        await provider.Host.Requests.UntilAsync(
            journal => journal.CountOf("fault-slow-first") > before,
            Generous
        );

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        JsonElement records;
        do
        {
            using var listed = await server.GetAsync("/api/llm/requests");
            records = (await listed.JsonAsync()).GetProperty("requests");
        } while (records.GetArrayLength() == 0);
        records[0].GetProperty("outcome").GetString().ShouldBe("cancelled");
        records[0].GetProperty("status").GetInt32().ShouldBe(499);
    }

    [Fact]
    public async Task Query_ManyTexts_AreEmbeddedInAsManyCallsAsTheProviderTakes()
    {
        provider.Host.Reset();
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
            options with
            {
                Environment = name =>
                    name switch
                    {
                        "QWEN_BASE_URL" => provider.BaseUrl,
                        "QWEN_API_KEY" => "sk-upstream",
                        _ => options.Environment(name),
                    },
            }
        );
        var texts = string.Join(',', Enumerable.Range(0, 25).Select(static n => $"\"text {n}\""));

        using var answer = await server.PostAsync(
            "/api/llm/query",
            $$"""{"input":[{{texts}}],"model":"qwen/embed","dimensions":12}"""
        );
        var json = await answer.JsonAsync();

        provider.Host.Requests.CountOf("embed").ShouldBe(3);
        json.GetProperty("embeddings").GetArrayLength().ShouldBe(25);
        json.GetProperty("dimensions").GetInt32().ShouldBe(12);
        json.GetProperty("ids").GetArrayLength().ShouldBe(3);
        using var listed = await server.GetAsync("/api/llm/requests");
        (await listed.JsonAsync()).GetProperty("requests").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Query_SlowStream_HearsCommentsWhileItWaits()
    {
        var time = new ManualTime();
        await using var host = await SimulatorHost.StartAsync(
            new SimulatorOptions { TimeProvider = time, ChunkDelay = TimeSpan.FromSeconds(40) }
        );
        await using var gateway = SimulatedGateway.Of(host, builder => builder.UseTime(time));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        await using var app = builder.Build();
        app.UseRouting();
        using var traces = new ExchangeTraces(new GenAINames(static name => name));
        new QueryEndpoints(gateway, new InstanceMark("me"), traces, time, 1 << 20).Map(app);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/llm/query")
        {
            Content = new StringContent(
                """{"prompt":"Hi","model":"sim/swift","stream":true}""",
                Encoding.UTF8,
                ServerUnderTest.Json
            ),
        };
        using var answer = await MovedAsync(
            time,
            client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
        );
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (comments, last) = (0, "");
        while (await MovedAsync(time, reader.ReadLineAsync()) is { } line)
        {
            comments += line == ": keep-alive" ? 1 : 0;
            last = line.StartsWith("data: ", StringComparison.Ordinal) ? line : last;
        }

        comments.ShouldBeGreaterThanOrEqualTo(2);
        JsonElement
            .Parse(last["data: ".Length..])
            .GetProperty("content")
            .GetString()
            .ShouldNotBeEmpty();
    }

    /// <summary>Moves the clock until something is done: the simulator waits before its pieces.</summary>
    private static async Task<T> MovedAsync<T>(ManualTime time, Task<T> done)
    {
        while (!done.IsCompleted)
        {
            await Task.WhenAny(done, Task.Delay(5));
            if (!done.IsCompleted)
                time.Advance(TimeSpan.FromSeconds(1));
        }
        return await done;
    }

    private Task<ServerUnderTest> StartAsync(string config = "") =>
        ServerUnderTest.StartAsync(config: config + ServerUnderTest.ConfigOf(provider.Host));
}
