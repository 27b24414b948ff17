using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Inference;

/// <summary>What OpenAI's responses keep from one request to the next, over a provider that speaks chat completions and one that keeps them itself.</summary>
public sealed class ResponsesEndpointsTests : IAsyncLifetime
{
    private const string Path = "/v1/responses";

    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync();
        _server = await ServerUnderTest.StartAsync(
            config: $$"""
            providers:
              chat: { dialect: openai, base_url: "{{_simulator.RootUrl}}/v1" }
              openai: { base_url: "{{_simulator.RootUrl}}/v1", api_keys: [sk-1] }
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_CarryingOnFromAnAnswer_TellsTheWholeConversation(bool stream)
    {
        var first = await AskAsync("chat", "\"input\":\"[[say One]]\"", stream);
        var second = await AskAsync(
            "chat",
            $"\"input\":[{{\"role\":\"user\",\"content\":\"[[say Two]]\"}}],\"previous_response_id\":\"{first.Id}\"",
            stream
        );
        var third = await AskAsync(
            "chat",
            $"\"input\":\"[[say Three]]\",\"previous_response_id\":\"{second.Id}\"",
            stream
        );

        third.Text.ShouldBe("Three");
        third.Json.GetProperty("previous_response_id").GetString().ShouldBe(second.Id);
        var asked = JsonDocument.Parse(_simulator.Requests.Last[^1].BodyText).RootElement;
        asked
            .GetProperty("messages")
            .EnumerateArray()
            .Select(message => $"{message.GetProperty("role")}: {message.GetProperty("content")}")
            .ShouldBe([
                "user: [[say One]]",
                "assistant: One",
                "user: [[say Two]]",
                "assistant: Two",
                "user: [[say Three]]",
            ]);
        asked.TryGetProperty("previous_response_id", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Ask_WithAToolsResult_CarriesOnFromItsCall()
    {
        const string Tools =
            "\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}]";
        var first = await AskAsync(
            "chat",
            $"{Tools},\"input\":\"[[call weather {{\\\"city\\\":\\\"Rom\\\"}}]] [[say Fine.]]\"",
            stream: true
        );
        var call = first.Json.GetProperty("output")[0];
        call.GetProperty("type").GetString().ShouldBe("function_call");

        var second = await AskAsync(
            "chat",
            $"{Tools},\"previous_response_id\":\"{first.Id}\",\"input\":[{{\"type\":\"function_call_output\",\"call_id\":{call.GetProperty("call_id").GetRawText()},\"output\":\"sunny\"}}]",
            stream: true
        );

        second.Text.ShouldBe("Fine.");
    }

    [Fact]
    public async Task Ask_TheProviderThatKeepsIt_IsRelayedAsItIs()
    {
        var first = await AskAsync("openai", "\"input\":\"[[say One]]\"", stream: true);
        await AskAsync(
            "openai",
            $"\"input\":\"[[say Two]]\",\"previous_response_id\":\"{first.Id}\"",
            stream: false
        );

        var asked = _simulator.Requests.Last[^1];
        asked.Path.ShouldBe(Path);
        asked.BodyText.ShouldContain(first.Id);
        asked.BodyText.ShouldNotContain("One");
    }

    [Fact]
    public async Task Ask_AnotherProviderThanTheOneThatKeepsIt_TellsTheWholeConversation()
    {
        var first = await AskAsync("openai", "\"input\":\"[[say One]]\"", stream: true);
        var second = await AskAsync(
            "chat",
            $"\"input\":\"[[say Two]]\",\"previous_response_id\":\"{first.Id}\"",
            stream: false
        );

        second.Text.ShouldBe("Two");
        _simulator.Requests.Last[^1].BodyText.ShouldContain("One");

        // And back: what only we keep is told in that provider's own dialect.
        var third = await AskAsync(
            "openai",
            $"\"input\":\"[[say Three]]\",\"previous_response_id\":\"{second.Id}\"",
            stream: true
        );
        third.Text.ShouldBe("Three");
        var asked = _simulator.Requests.Last[^1];
        asked.Path.ShouldBe(Path);
        asked.BodyText.ShouldContain("Two");
        asked.BodyText.ShouldNotContain("previous_response_id");
    }

    [Fact]
    public async Task Ask_AnUnknownAnswer_IsToldSoInOpenAIsWords()
    {
        using var answer = await PostAsync(
            "chat",
            "\"input\":\"x\",\"previous_response_id\":\"resp_nobody\""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await answer.JsonAsync()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("previous_response_not_found");
        error.GetProperty("param").GetString().ShouldBe("previous_response_id");
        error.GetProperty("message").GetString()!.ShouldContain("resp_nobody");
        _simulator.Requests.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Ask_WithStoreFalse_KeepsNothing()
    {
        var first = await AskAsync(
            "chat",
            "\"input\":\"[[say One]]\",\"store\":false",
            stream: true
        );

        using var shown = await _server.GetAsync($"{Path}/{first.Id}");
        using var next = await PostAsync(
            "chat",
            $"\"input\":\"x\",\"previous_response_id\":\"{first.Id}\""
        );

        shown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await next.ErrorCodeAsync()).ShouldBe("previous_response_not_found");
    }

    [Fact]
    public async Task Ask_InTheBackground_IsRefused()
    {
        using var answer = await PostAsync("chat", "\"input\":\"x\",\"background\":true");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.ErrorCodeAsync()).ShouldBe("unsupported_parameter");
    }

    [Fact]
    public async Task Show_AnAnswer_GivesItAsItWasTold_UntilItIsDeleted()
    {
        var first = await AskAsync("chat", "\"input\":\"[[say One]]\"", stream: true);

        using var shown = await _server.GetAsync($"{Path}/{first.Id}");
        (await shown.JsonAsync()).GetRawText().ShouldBe(first.Json.GetRawText());
        using var cancelled = await _server.PostAsync($"{Path}/{first.Id}/cancel", "");
        cancelled.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var deleted = await _server.SendAsync(HttpMethod.Delete, $"{Path}/{first.Id}", null);
        (await deleted.JsonAsync()).GetProperty("deleted").GetBoolean().ShouldBeTrue();

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            using var gone = await _server.SendAsync(method, $"{Path}/{first.Id}", null);
            gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await gone.ErrorCodeAsync()).ShouldBe("response_not_found");
        }
    }

    [Fact]
    public async Task List_TheInputOfAnAnswer_GivesItAPageAtATime()
    {
        var first = await AskAsync("chat", "\"input\":\"[[say One]]\"", stream: false);
        var second = await AskAsync(
            "chat",
            $"\"input\":\"[[say Two]]\",\"previous_response_id\":\"{first.Id}\"",
            stream: false
        );

        using var newest = await _server.GetAsync($"{Path}/{second.Id}/input_items?limit=2");
        var page = await newest.JsonAsync();
        page.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        Texts(page).ShouldBe(["user [[say Two]]", "assistant One"]);

        using var rest = await _server.GetAsync(
            $"{Path}/{second.Id}/input_items?after={page.GetProperty("last_id").GetString()}"
        );
        Texts(await rest.JsonAsync()).ShouldBe(["user [[say One]]"]);
    }

    [Fact]
    public async Task Compact_AConversation_IsNotSupported()
    {
        using var answer = await _server.PostAsync($"{Path}/compact", "{}");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
    }

    [Fact]
    public async Task Connect_AWebSocket_IsRefusedSoThatCodexGoesOnWithoutOne()
    {
        using var answer = await _server.GetAsync(
            Path,
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Count_TheTokensOfAnInput_IsEstimatedWhereNobodyTells()
    {
        using var answer = await _server.PostAsync(
            $"{Path}/input_tokens",
            "{\"model\":\"chat/swift\",\"input\":\"Hello there\"}"
        );

        var json = await answer.JsonAsync();
        json.GetProperty("object").GetString().ShouldBe("response.input_tokens");
        json.GetProperty("input_tokens").GetInt64().ShouldBePositive();
    }

    [Fact]
    public async Task Ask_WhatCodexAsks_OverChatCompletions_CallsItsTools()
    {
        const string Tools = """
            "tools":[{"type":"custom","name":"apply_patch","description":"Edits files","format":{"type":"grammar","syntax":"lark","definition":"start: x"}},{"type":"web_search","external_web_access":false}],
            "tool_choice":"auto","parallel_tool_calls":true,"store":false,"include":["reasoning.encrypted_content"],"prompt_cache_key":"k",
            "reasoning":{"effort":"medium","summary":"auto"},"instructions":"You are Codex."
            """;
        const string Input =
            """{"type":"message","role":"user","content":[{"type":"input_text","text":"[[call apply_patch {\"input\":\"*** Begin Patch\\n+x\"}]] [[say Done.]]"}]}""";
        var first = await AskAsync("chat", $"{Tools},\"input\":[{Input}]", stream: true);

        var call = first.Json.GetProperty("output")[0];
        call.GetProperty("type").GetString().ShouldBe("custom_tool_call");
        call.GetProperty("input").GetString().ShouldBe("*** Begin Patch\n+x");
        first.Changes.ShouldContain("dropped:tools[1] (web_search)");

        var second = await AskAsync(
            "chat",
            $"{Tools},\"input\":[{Input},{call.GetRawText()},{{\"type\":\"custom_tool_call_output\",\"call_id\":{call.GetProperty("call_id").GetRawText()},\"output\":\"ok\"}}]",
            stream: true
        );
        second.Text.ShouldBe("Done.");
    }

    [Fact]
    public async Task Ask_AToolNobodyHere_Runs_NamesItAndWhoCould()
    {
        using var answer = await PostAsync(
            "chat",
            "\"input\":\"x\",\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]"
        );

        answer.IsSuccessStatusCode.ShouldBeFalse();
        (await answer.Content.ReadAsStringAsync()).ShouldContain("code_interpreter");
    }

    private Task<HttpResponseMessage> PostAsync(string provider, string members) =>
        _server.PostAsync(Path, $"{{\"model\":\"{provider}/swift\",{members}}}");

    private async Task<Answered> AskAsync(string provider, string members, bool stream)
    {
        using var answer = await PostAsync(
            provider,
            stream ? members + ",\"stream\":true" : members
        );
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        var changes = answer.Headers.TryGetValues("x-dragoman-changes", out var told)
            ? string.Join(',', told)
            : "";
        if (!stream)
            return new Answered(JsonDocument.Parse(body).RootElement, changes);
        var last = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        last.ShouldStartWith("event: response.completed\n");
        return new Answered(
            JsonDocument.Parse(last[last.IndexOf('{')..]).RootElement.GetProperty("response"),
            changes
        );
    }

    private static IEnumerable<string> Texts(JsonElement page) =>
        page.GetProperty("data")
            .EnumerateArray()
            .Select(item =>
                $"{item.GetProperty("role")} {item.GetProperty("content")[0].GetProperty("text")}"
            );

    private sealed record Answered(JsonElement Json, string Changes)
    {
        public string Id => Json.GetProperty("id").GetString()!;

        public string Text =>
            string.Concat(
                Json.GetProperty("output")
                    .EnumerateArray()
                    .Where(item => item.GetProperty("type").GetString() == "message")
                    .Select(item => item.GetProperty("content")[0].GetProperty("text").GetString())
            );
    }
}
