using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Inference;

/// <summary>What programs written for an Ollama server get here, in front of one and in front of others.</summary>
public sealed class OllamaEndpointsTests
{
    private const string Streamed =
        "{\"model\":\"m\",\"created_at\":\"2026-11-20T10:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"done\":false}\n"
        + "{\"model\":\"m\",\"created_at\":\"2026-11-20T10:00:01Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,\"eval_count\":4}\n";

    [Fact]
    public async Task Chat_OfAnOllama_IsRelayedByteForByte_AsAStreamUnlessOtherwiseSaid()
    {
        await using var house = await HouseServer.OllamaAsync("llama3");
        house.Answers["/api/chat"] = (200, Streamed);
        await using var server = await StartAsync(house);

        using var answer = await server.PostAsync(
            "/api/chat",
            """{"model":"house/llama3","messages":[{"role":"user","content":"x"}],"options":{"num_ctx":9}}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        (await answer.Content.ReadAsStringAsync()).ShouldBe(Streamed);
        var asked = house.Asked.Single(static call => call.Path == "/api/chat");
        asked.Body.ShouldBe(
            """{"model":"llama3","messages":[{"role":"user","content":"x"}],"options":{"num_ctx":9}}"""
        );
        await RecordedAsync(server, input: 3, output: 4);
    }

    [Theory]
    [InlineData(
        "/api/generate",
        """{"model":"house/llama3","prompt":"x","raw":true,"suffix":"y"}""",
        "{\"model\":\"m\",\"created_at\":\"2026-11-20T10:00:00Z\",\"response\":\"Hi\",\"done\":false}\n{\"model\":\"m\",\"created_at\":\"2026-11-20T10:00:00Z\",\"response\":\"\",\"done\":true,\"done_reason\":\"stop\",\"context\":[1],\"prompt_eval_count\":3,\"eval_count\":4}\n"
    )]
    [InlineData(
        "/api/embed",
        """{"model":"house/llama3","input":["a"]}""",
        """{"model":"m","embeddings":[[1,2]],"prompt_eval_count":3}"""
    )]
    [InlineData(
        "/api/embeddings",
        """{"model":"house/llama3","prompt":"a"}""",
        """{"embedding":[1,2]}"""
    )]
    public async Task OtherCalls_OfAnOllama_AreRelayedToTheSameAddress(
        string path,
        string request,
        string reply
    )
    {
        await using var house = await HouseServer.OllamaAsync("llama3");
        house.Answers[path] = (200, reply);
        await using var server = await StartAsync(house);

        using var answer = await server.PostAsync(path, request);

        (await answer.Content.ReadAsStringAsync()).ShouldBe(reply);
        house
            .Asked.Single(call => call.Path == path)
            .Body.ShouldBe(request.Replace("house/", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, "bad request of some kind")]
    [InlineData(404, "model 'x' not found")]
    public async Task Error_OfAnOllama_KeepsItsWords(int status, string message)
    {
        await using var house = await HouseServer.OllamaAsync("llama3");
        house.Answers["/api/chat"] = (status, JsonSerializer.Serialize(new { error = message }));
        await using var server = await StartAsync(house);

        using var answer = await server.PostAsync(
            "/api/chat",
            """{"model":"house/llama3","stream":false,"messages":[{"role":"user","content":"x"}]}"""
        );

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.JsonAsync()).GetProperty("error").GetString().ShouldBe(message);
    }

    [Fact]
    public async Task Stream_ThatBreaks_EndsInAnErrorLine()
    {
        await using var house = await HouseServer.OllamaAsync("llama3");
        house.Answers["/api/chat"] = (
            200,
            Streamed.Split('\n')[0] + "\n{\"error\":\"the runner has gone\"}\n"
        );
        var hasBegun = new TaskCompletionSource();
        house.AfterFirstLine = hasBegun.Task;
        await using var server = await StartAsync(house);

        using var answer = await server.StreamAsync(
            "/api/chat",
            """{"model":"house/llama3","messages":[{"role":"user","content":"x"}]}"""
        );
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync())!.ShouldContain("Hi");
        hasBegun.SetResult();
        JsonDocument
            .Parse((await reader.ReadLineAsync())!)
            .RootElement.GetProperty("error")
            .GetString()!
            .ShouldContain("the runner has gone");
    }

    [Theory]
    [InlineData("/api/chat", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", "message")]
    [InlineData("/api/generate", "\"prompt\":\"x\"", "response")]
    public async Task Call_OfAnotherProvider_IsAnsweredAsAnOllamaWould(
        string path,
        string members,
        string said
    )
    {
        await using var server = await ServerUnderTest.StartAsync(configure: static options =>
            options with
            {
                Demo = true,
            }
        );
        var body = $$"""{"model":"demo/swift:latest",{{members}}""";

        using var whole = await server.PostAsync(path, body + ",\"stream\":false}");
        var reply = await whole.JsonAsync();
        reply.GetProperty("done").GetBoolean().ShouldBeTrue();
        reply.GetProperty("done_reason").GetString().ShouldBe("stop");
        reply.GetProperty("created_at").GetDateTime().Year.ShouldBeGreaterThan(2000);
        reply.GetProperty("total_duration").GetInt64().ShouldBeGreaterThan(0);
        reply.GetProperty("eval_count").GetInt64().ShouldBeGreaterThan(0);
        var text = Said(reply, said);
        text.ShouldNotBeEmpty();

        using var streamed = await server.PostAsync(path, body + "}");
        streamed.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        var lines = (await streamed.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .ToList();
        lines.Count.ShouldBeGreaterThan(2);
        string.Concat(lines.Select(line => Said(line, said))).ShouldBe(text);
        lines.Count(static line => line.GetProperty("done").GetBoolean()).ShouldBe(1);
        lines[^1].GetProperty("eval_count").GetInt64().ShouldBeGreaterThan(0);
        lines[^1].GetProperty("eval_duration").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Generate_WithASuffix_OfAChatProvider_IsRefusedInItsShape()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: static options =>
            options with
            {
                Demo = true,
            }
        );

        using var answer = await server.PostAsync(
            "/api/generate",
            """{"model":"demo/swift","prompt":"def f(","suffix":"return 1"}"""
        );

        answer.IsSuccessStatusCode.ShouldBeFalse();
        (await answer.JsonAsync()).GetProperty("error").GetString()!.ShouldContain("suffix");
    }

    [Fact]
    public async Task OpenAIClient_OfAnOllama_IsRelayedToItsOpenAIRoute()
    {
        await using var house = await HouseServer.OllamaAsync("llama3");
        const string Reply =
            """{"id":"1","object":"chat.completion","created":1,"model":"llama3","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""";
        house.Answers["/v1/chat/completions"] = (200, Reply);
        await using var server = await ServerUnderTest.StartAsync(
            config: $$"""providers: { ollama: { base_url: "{{house.Address}}/v1" } }"""
        );

        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            """{"model":"ollama/llama3","messages":[{"role":"user","content":"x"}]}"""
        );

        (await answer.Content.ReadAsStringAsync()).ShouldBe(Reply);
    }

    [Fact]
    public async Task Tags_ListsEveryName_WithWhatItsServerTells()
    {
        await using var house = await HouseServer.OllamaAsync("llama3:latest");
        await using var server = await StartAsync(house, looksForServers: true);

        using var answer = await server.GetAsync("/api/tags");

        var models = (await answer.JsonAsync()).GetProperty("models").EnumerateArray().ToList();
        var own = models.Single(static model =>
            model.GetProperty("name").GetString() == "llama3:latest"
        );
        own.GetProperty("digest").GetString().ShouldBe("d1");
        own.GetProperty("size").GetInt64().ShouldBe(42);
        own.GetProperty("details").GetProperty("parameter_size").GetString().ShouldBe("8.0B");
        var auto = models.Single(static model => model.GetProperty("name").GetString() == "auto");
        auto.GetProperty("model").GetString().ShouldBe("auto");
        auto.GetProperty("modified_at").GetDateTime();
        using var openai = await server.GetAsync("/v1/models");
        (await openai.JsonAsync())
            .GetProperty("data")
            .EnumerateArray()
            .Select(static model => model.GetProperty("id").GetString())
            .ShouldBe(models.Select(static model => model.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Show_ModelOfAnOllama_IsItsOwnDescription()
    {
        await using var house = await HouseServer.OllamaAsync("llama3:latest");
        const string Description =
            """{"modelfile":"FROM x","capabilities":["completion","tools"],"model_info":{"general.architecture":"llama","llama.context_length":8192}}""";
        house.Descriptions["llama3:latest"] = Description;
        await using var server = await StartAsync(house, looksForServers: true);

        await Eventually.TrueAsync(() => Show(server, "house/llama3") == Description);
        Show(server, "llama3:latest").ShouldBe(Description);
    }

    [Theory]
    [InlineData("model", "openai/gpt-4o")]
    [InlineData("name", "gpt-4o:latest")]
    public async Task Show_ModelOfAnother_SaysWhatTheCatalogKnows(string field, string name)
    {
        await using var server = await ServerUnderTest.StartAsync(
            config: "providers: { openai: { api_keys: [k] } }"
        );

        using var answer = await server.PostAsync(
            "/api/show",
            $$"""{"{{field}}":"{{name}}","verbose":true}"""
        );

        var shown = await answer.JsonAsync();
        shown
            .GetProperty("capabilities")
            .EnumerateArray()
            .Select(static word => word.GetString())
            .ShouldBe(["completion", "tools", "vision"]);
        var info = shown.GetProperty("model_info");
        var architecture = info.GetProperty("general.architecture").GetString();
        info.GetProperty(architecture + ".context_length").GetInt64().ShouldBe(128_000);
    }

    [Theory]
    [InlineData("""{"model":"no-such-model"}""", 404)]
    [InlineData("{}", 400)]
    [InlineData("no json", 400)]
    public async Task Show_WhatIsNotThere_IsAnError(string body, int status)
    {
        await using var server = await ServerUnderTest.StartAsync(
            config: "providers: { openai: { api_keys: [k] } }"
        );

        using var answer = await server.PostAsync("/api/show", body);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.JsonAsync()).GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Ps_GathersWhatOllamasHoldInMemory()
    {
        await using var house = await HouseServer.OllamaAsync("llama3");
        house.Answers["/api/ps"] = (200, """{"models":[{"name":"llama3","size_vram":7}]}""");
        await using var server = await StartAsync(house, looksForServers: true);

        using var answer = await server.GetAsync("/api/ps");

        (await answer.Content.ReadAsStringAsync()).ShouldBe(
            """{"models":[{"name":"llama3","size_vram":7}]}"""
        );
    }

    [Fact]
    public async Task Version_Root_AndWhatIsNotKeptHere_AnswerAsProgramsExpect()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var version = await server.GetAsync("/api/version");
        (await version.JsonAsync())
            .GetProperty("version")
            .GetString()!
            .ShouldMatch(@"^\d+\.\d+\.\d+$");
        using var head = await server.SendAsync(HttpMethod.Head, "/", content: null);
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var root = await server.GetAsync("/");
        (await root.Content.ReadAsStringAsync()).ShouldBe("Ollama is running");
        using var page = await server.GetAsync("/", ("Accept", "text/html,*/*"));
        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var pull = await server.PostAsync("/api/pull", """{"model":"x"}""");
        pull.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        (await pull.JsonAsync()).GetProperty("error").GetString()!.ShouldContain("/api/pull");
        using var wrong = await server.GetAsync("/api/chat");
        wrong.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await wrong.JsonAsync()).GetProperty("error").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task Models_ThatComeAndGoWithAnOllama_DoSoHereWithoutARestart()
    {
        await using var house = await HouseServer.OllamaAsync("first");
        await using var server = await StartAsync(house, looksForServers: true);
        Names(server).ShouldContain("house/first");

        house.Models = [HouseServer.OllamaItem("second")];
        await Eventually.TrueAsync(() => Names(server).Contains("house/second"));
        Names(server).ShouldNotContain("house/first");

        house.Models = [];
        await Eventually.TrueAsync(() => !Names(server).Contains("house/second"));
    }

    private static List<string> Names(ServerUnderTest server) =>
        [.. server.Server.Models.Select(static model => model.Id)];

    private static string Show(ServerUnderTest server, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/show")
        {
            Content = new StringContent($$"""{"model":"{{model}}"}""", ServerUnderTest.Json),
        };
        using var answer = server.Client.Send(request);
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    private static string Said(JsonElement answer, string member) =>
        member == "message"
            ? answer.GetProperty("message").GetProperty("content").GetString()!
            : answer.GetProperty("response").GetString()!;

    private static async Task RecordedAsync(ServerUnderTest server, long input, long output)
    {
        JsonElement? usage = null;
        await Eventually.TrueAsync(() =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/llm/requests");
            using var answer = server.Client.Send(request);
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            var records = JsonDocument.Parse(reader.ReadToEnd()).RootElement;
            usage =
                records.GetProperty("requests") is { } data && data.GetArrayLength() > 0
                    ? data[0].GetProperty("usage")
                    : null;
            return usage is not null;
        });
        usage!.Value.GetProperty("input").GetInt64().ShouldBe(input);
        usage.Value.GetProperty("output").GetInt64().ShouldBe(output);
    }

    private static async Task<ServerUnderTest> StartAsync(
        HouseServer house,
        bool looksForServers = false
    )
    {
        var server = await ServerUnderTest.StartAsync(
            config: $$"""providers: { house: { dialect: ollama, base_url: "{{house.Address}}" } }""",
            configure: options =>
                options with
                {
                    LookForLocalServers = looksForServers,
                    AskLocalServersEvery = TimeSpan.FromSeconds(1),
                }
        );
        await server.Server.LocalServersLookedFor;
        return server;
    }
}
