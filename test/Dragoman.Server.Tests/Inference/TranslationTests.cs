using System.Net;
using Dragoman.Canonical;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Inference;

/// <summary>What translation changes is told, what it cannot carry is refused or goes elsewhere, and failures are mended across dialects.</summary>
public sealed class TranslationTests : IAsyncLifetime
{
    private const string Image =
        """{"type":"image_url","image_url":{"url":"https://pictures.invalid/a.png"}}""";

    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync();
        var root = _simulator.RootUrl;
        _server = await ServerUnderTest.StartAsync(
            config: $$"""
            providers:
              oai: { dialect: openai, base_url: "{{root}}/v1" }
              claude: { dialect: anthropic, base_url: "{{root}}/v1" }
              responses: { dialect: openai-responses, base_url: "{{root}}/v1" }
              gem: { dialect: gemini, base_url: "{{root}}/v1beta" }
              llama: { dialect: ollama, base_url: "{{root}}" }
            models: [ { name: plain, provider: oai, model: swift } ]
            routes:
              mended: { strategy: priority, models: [claude/fault-cut-clean, gem/swift], recover: continue }
              once-more: { strategy: priority, models: [claude/fault-cut-clean, claude/swift], recover: continue }
            chains:
              three: { models: [claude/fault-500, gem/fault-429-silent, llama/swift] }
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Changes_OfTheRequest_AreTold()
    {
        using var answer = await AskAsync(
            """{"model":"claude/swift","temperature":1.6,"logit_bias":{"5":1},"seed":4,"messages":[{"role":"user","content":"Hello"}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var changes = ChangesOf(answer);
        changes.ShouldContain("dropped:logit_bias");
        changes.ShouldContain("dropped:seed");
        changes.ShouldContain("clamped:temperature 1.6→1");
        changes.ShouldContain("defaulted:max_tokens=4096");
        (await RecordOf(answer)).ShouldContain("dropped:logit_bias");
    }

    [Fact]
    public async Task Strict_WhatWouldBeDropped_IsRefusedNamingWhoCould()
    {
        using var answer = await AskAsync(
            """{"model":"claude/swift","dragoman":{"strict":true},"logit_bias":{"5":1},"messages":[{"role":"user","content":"Hello"}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await answer.JsonAsync()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("not_carried");
        error.GetProperty("message").GetString()!.ShouldContain("dropped:logit_bias");
        error.GetProperty("message").GetString()!.ShouldEndWith("These could: oai/swift.");
        _simulator.Requests.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Unfit_Deployment_IsSkippedForOneThatCan()
    {
        using var answer = await AskAsync(
            $$$"""{"model":"llama/swift","dragoman":{"fallback":["claude/swift"]},"messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{{{Image}}}]}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("x-dragoman-model").ShouldBe(["claude/swift"]);
        (await RecordOf(answer)).ShouldContain("llama/swift");
    }

    [Fact]
    public async Task Unfit_OnlyDeployment_IsARefusalThatSaysWhy()
    {
        using var answer = await AskAsync(
            $$$"""{"model":"llama/swift","messages":[{"role":"user","content":[{{{Image}}}]}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.ErrorCodeAsync()).ShouldBe("not_carried");
    }

    /// <summary>To go on without it would answer another question, so nobody is asked.</summary>
    [Theory]
    [InlineData(
        "/v1/messages",
        """{"model":"oai/swift","max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f1"}},{"type":"text","text":"Sum it up"}]}]}"""
    )]
    [InlineData(
        "/v1/messages",
        """{"model":"oai/swift","max_tokens":9,"mcp_servers":[{"type":"url","name":"a","url":"https://a.invalid"}],"messages":[{"role":"user","content":"Hello"}]}"""
    )]
    [InlineData(
        "/v1beta/models/oai/swift:generateContent",
        """{"cachedContent":"cachedContents/1","contents":[{"role":"user","parts":[{"text":"Hello"}]}]}"""
    )]
    [InlineData(
        "/v1beta/models/responses/swift:generateContent",
        """{"tools":[{"codeExecution":{}}],"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}"""
    )]
    [InlineData(
        "/v1/responses",
        """{"model":"oai/swift","tools":[{"type":"web_search"}],"tool_choice":"required","input":"Hello"}"""
    )]
    public async Task Vital_WhatCannotBeCarried_IsRefused(string path, string body)
    {
        using var answer = await _server.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        _simulator.Requests.Count.ShouldBe(0);
    }

    [Fact]
    public async Task CacheMarks_OfAnOpenAIClient_ReachAnthropic()
    {
        using var answer = await AskAsync(
            """{"model":"claude/swift","messages":[{"role":"user","content":[{"type":"text","text":"Long.","cache_control":{"type":"ephemeral"}}]}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        _simulator
            .Requests.Last[^1]
            .BodyText.ShouldContain("\"cache_control\":{\"type\":\"ephemeral\"}");
        ChangesOf(answer).ShouldNotContain("cache_control");
    }

    [Fact]
    public async Task Answer_WithPartsOfItsDialectOnly_NamesThem()
    {
        using var plain = await AskAsync(
            """{"model":"claude/fault-anthropic-web-search","messages":[{"role":"user","content":"Hello"}]}"""
        );
        using var streamed = await AskAsync(
            """{"model":"claude/fault-anthropic-web-search","stream":true,"messages":[{"role":"user","content":"Hello"}]}"""
        );

        ChangesOf(plain).ShouldContain("dropped:answer (server_tool_use)");
        (await streamed.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
        (await RecordOf(streamed)).ShouldContain("dropped:answer (server_tool_use)");
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    [InlineData("ollama")]
    public async Task Fallback_OverThreeDialects_AnswersEveryClient(string client)
    {
        foreach (var stream in (bool[])[false, true])
        {
            var reply = await new DialectClient(_server, client).AskAsync(
                Request("chain:three", "[[say At last]]", stream)
            );

            TextOf(reply).ShouldBe("At last", $"stream {stream}");
        }
    }

    /// <summary>A stream that one provider cut is carried on by another, be it of another dialect: the client gets one answer.</summary>
    [Theory]
    [InlineData("openai", "mended")]
    [InlineData("openai", "once-more")]
    [InlineData("openai-responses", "mended")]
    [InlineData("anthropic", "mended")]
    [InlineData("anthropic", "once-more")]
    [InlineData("gemini", "mended")]
    [InlineData("ollama", "mended")]
    public async Task Recover_AcrossDialects_IsOneWholeAnswer(string client, string route)
    {
        const string Words =
            "[[say One day the interpreter of the court was asked to carry a letter over the mountains and back]]";

        var reply = await new DialectClient(_server, client).AskAsync(
            Request(route, Words, stream: true)
        );

        TextOf(reply).ShouldBe(Words[6..^2]);
        reply.Choices[0].Stop.ShouldBe(StopReason.Stop);
    }

    [Fact]
    public async Task CountTokens_AtAnotherDialect_IsAnEstimateThatSaysSo()
    {
        const string Body =
            """{"model":"MODEL","messages":[{"role":"user","content":"How many tokens are these words, I wonder?"}]}""";

        using var estimated = await _server.PostAsync(
            "/v1/messages/count_tokens",
            Body.Replace("MODEL", "oai/swift", StringComparison.Ordinal)
        );
        using var counted = await _server.PostAsync(
            "/v1/messages/count_tokens",
            Body.Replace("MODEL", "claude/swift", StringComparison.Ordinal)
        );

        (await estimated.JsonAsync()).GetProperty("input_tokens").GetInt32().ShouldBeInRange(8, 20);
        ChangesOf(estimated).ShouldContain("estimated:tokens");
        (await counted.JsonAsync()).GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(0);
        counted.Headers.Contains("x-dragoman-changes").ShouldBeFalse();
    }

    private Task<HttpResponseMessage> AskAsync(string body) =>
        _server.PostAsync("/v1/chat/completions", body);

    private static string ChangesOf(HttpResponseMessage answer) =>
        Uri.UnescapeDataString(string.Join(',', answer.Headers.GetValues("x-dragoman-changes")));

    private async Task<string> RecordOf(HttpResponseMessage answer)
    {
        var id = answer.Headers.GetValues("x-dragoman-request-id").Single();
        using var record = await _server.GetAsync("/api/llm/requests/" + id);
        record.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await record.Content.ReadAsStringAsync();
    }

    private static ChatRequest Request(string model, string text, bool stream) =>
        new()
        {
            Model = JsonText.Of(model),
            Messages = [Message.OfText(MessageRole.User, text)],
            Stream = stream,
            IncludeUsage = stream ? true : null,
        };

    private static string TextOf(ChatReply reply) =>
        string.Concat(
            reply.Choices[0].Message.Parts.OfType<TextPart>().Select(static part => part.Text)
        );
}
