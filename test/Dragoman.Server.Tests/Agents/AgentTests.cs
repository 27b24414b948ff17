using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Agents;

/// <summary>Agents and long conversations, as clients of two dialects see them.</summary>
public sealed class AgentTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync();
        _server = await ServerUnderTest.StartAsync(config: Config("Speak like a pirate."));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    private string Config(string words) =>
        $$"""
            providers:
              oai: { dialect: openai, base_url: "{{_simulator.RootUrl}}/v1" }
            models:
              - { name: small, provider: oai, model: swift, context_window: 1000, max_tokens: 100 }
              - { name: dear, provider: oai, model: sage, cost_per_1k_input: 10, cost_per_1k_output: 50 }
              - { name: broken, provider: oai, model: fault-500 }
            chains:
              tight: { models: [broken, small], preserve_context: false }
              whole: { models: [broken, small] }
            agents:
              mate: { model: small, system_prompt: "{{words}}", parameters: { temperature: 0.3, max_tokens: 40 } }
              steady: { model: broken, fallback_models: [small], system_prompt: "Be steady." }
              thrifty: { model: dear, max_cost_usd: 0.0001 }
              brief: { model: small, context: { strategy: windowed, max_tokens: 200 } }
              notes: { model: small, context: { strategy: summarized, max_tokens: 1000, keep_turns: 1, summary_model: oai/coder } }
              retired: { model: small, active: false }
            """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_AskedInOpenAIsDialect_SaysItsWordsFirstAndKeepsTheClientsParameters(
        bool stream
    )
    {
        using var answer = await _server.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"agent:mate","stream":{{(stream ? "true" : "false")}},"temperature":0.9,"messages":[{"role":"system","content":"Answer in verse."},{"role":"user","content":"Hello"}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldNotBeEmpty();
        answer.Headers.GetValues("x-dragoman-model").ShouldBe(["oai/swift"]);
        var sent = Sent("swift");
        sent.GetProperty("temperature").GetDouble().ShouldBe(0.9);
        sent.GetProperty("max_tokens").GetInt32().ShouldBe(40);
        sent.GetProperty("messages").GetArrayLength().ShouldBe(2);
        sent.GetProperty("messages")[0]
            .GetProperty("content")
            .GetString()
            .ShouldBe("Speak like a pirate.\n\nAnswer in verse.");
        (await RecordOf(answer)).ShouldContain("agent:mate");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_AskedInAnthropicsDialect_IsTheSame(bool stream)
    {
        using var answer = await _server.PostAsync(
            "/v1/messages",
            $$"""{"model":"agent:mate","max_tokens":30,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello"}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("text");
        var sent = Sent("swift");
        sent.GetProperty("temperature").GetDouble().ShouldBe(0.3);
        sent.GetProperty("messages")[0]
            .GetProperty("content")
            .GetString()
            .ShouldBe("Speak like a pirate.");
        (sent.TryGetProperty("max_tokens", out var most) ? most : default).GetInt32().ShouldBe(30);
    }

    [Fact]
    public async Task Agent_WhosePrimaryFails_IsAnsweredByItsFallbackInItsWay()
    {
        using var answer = await AskAsync("agent:steady", 1);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("x-dragoman-model").ShouldBe(["oai/swift"]);
        Sent("swift")
            .GetProperty("messages")[0]
            .GetProperty("content")
            .GetString()
            .ShouldBe("Be steady.");
    }

    [Theory]
    [InlineData("agent:thrifty", "0.0001")]
    [InlineData("agent:maet", "brief, mate")]
    [InlineData("agent:retired", "retired")]
    public async Task Agent_ThatCannotAnswer_SaysWhy(string name, string said)
    {
        using var answer = await AskAsync(name, 1);

        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(said);
        _simulator.Requests.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Agents_AreListedButThoseThatRest()
    {
        using var answer = await _server.GetAsync("/v1/models");

        var listed = (await answer.JsonAsync()).GetProperty("data").EnumerateArray().ToList();
        listed
            .Single(static model => model.GetProperty("id").GetString() == "agent:mate")
            .GetProperty("owned_by")
            .GetString()
            .ShouldBe("agent");
        listed.ShouldNotContain(static model =>
            model.GetProperty("id").GetString() == "agent:retired"
        );
    }

    [Fact]
    public async Task Agent_ChangedInTheFile_IsAskedInTheNewWay()
    {
        var time = new ManualTime();
        await using var server = await ServerUnderTest.StartAsync(
            config: Config("Speak like a pirate."),
            configure: options => options with { Time = time }
        );
        await File.WriteAllTextAsync(
            Path.Combine(server.Folder, "dragoman.yaml"),
            Config("Speak like a judge.")
        );
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            using var answer = await server.PostAsync(
                "/v1/chat/completions",
                """{"model":"agent:mate","messages":[{"role":"user","content":"Hello"}]}"""
            );
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        } while (
            Sent("swift").GetProperty("messages")[0].GetProperty("content").GetString()
            != "Speak like a judge."
        );
    }

    [Theory]
    [InlineData("agent:brief", "")]
    [InlineData("small", """,{"context":"windowed"}""")]
    [InlineData("chain:tight", "")]
    public async Task Conversation_ThatIsTooLong_KeepsItsNewestTurns(string model, string wishes)
    {
        using var answer = await AskAsync(model, 40, wishes.TrimStart(','));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Changes(answer).ShouldContain("of 81 messages left out)");
        Changes(answer).ShouldContain("context:windowed (");
        var sent = Sent("swift").GetProperty("messages").EnumerateArray().ToList();
        sent.Count.ShouldBeLessThan(60);
        sent[0].GetProperty("role").GetString().ShouldBe("user");
        sent[^1].GetProperty("content").GetString().ShouldBe("And now?");
        (await RecordOf(answer)).ShouldContain("context:windowed");
    }

    [Fact]
    public async Task Conversation_OfAChainThatPreservesContext_IsSentToNobodyWhoCannotHoldIt()
    {
        using var answer = await AskAsync("chain:whole", 400);

        answer.IsSuccessStatusCode.ShouldBeFalse();
        _simulator.Requests.CountOf("swift").ShouldBe(0);
    }

    [Fact]
    public async Task Conversation_ThatFits_IsRelayedAsItCame()
    {
        using var answer = await AskAsync("agent:brief", 1);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Changes(answer).ShouldNotContain("context:");
    }

    [Fact]
    public async Task Conversation_WithAPinnedMessage_KeepsIt()
    {
        using var answer = await AskAsync("agent:brief", 40, """{"pinned":[0]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Sent("swift")
            .GetProperty("messages")[0]
            .GetProperty("content")
            .GetString()!
            .ShouldStartWith("Question 0 ");
    }

    [Fact]
    public async Task Conversation_ThatIsSummarized_PaysForTheSummaryOnce()
    {
        using var first = await AskAsync("agent:notes", 40);
        using var second = await AskAsync("agent:notes", 40);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        Changes(first).ShouldContain("context:summarized (");
        Changes(second).ShouldContain("remembered");
        _simulator.Requests.CountOf("coder").ShouldBe(1);
        var sent = Sent("swift").GetProperty("messages");
        sent[0].GetProperty("role").GetString().ShouldBe("system");
        sent[0].GetProperty("content").GetString()!.ShouldStartWith("Summary of the earlier part");
        // The summary has a record of its own, found by the request that wanted it.
        var id = first.Headers.GetValues("x-dragoman-request-id").Single();
        var told = Changes(first);
        var summary = told[told.IndexOf("req_", StringComparison.Ordinal)..told.IndexOf(')')];
        using var record = await _server.GetAsync("/api/llm/requests/" + summary);
        var said = await record.Content.ReadAsStringAsync();
        said.ShouldContain("oai/coder");
        said.ShouldContain(id);
    }

    [Fact]
    public async Task Conversation_WhoseSummaryFails_IsWindowedAndSaysSo()
    {
        _simulator.SetFault("coder", "500");

        using var answer = await AskAsync("agent:notes", 40);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Changes(answer).ShouldContain("no summary was to be had");
    }

    private Task<HttpResponseMessage> AskAsync(string model, int turns, string wishes = "")
    {
        var messages = string.Concat(
            Enumerable
                .Range(0, turns)
                .Where(_ => turns > 1)
                .Select(static turn =>
                    $$"""{"role":"user","content":"Question {{turn}} about the long river and the old bridge that crosses it?"},{"role":"assistant","content":"Answer {{turn}} about the river, the bridge and all the boats that pass under it."},"""
                )
        );
        var own = wishes.Length > 0 ? $"\"dragoman\":{wishes}," : "";
        return _server.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{model}}",{{own}}"messages":[{{messages}}{"role":"user","content":"And now?"}]}"""
        );
    }

    private JsonElement Sent(string model) =>
        JsonDocument.Parse(_simulator.Requests.Of(model)[^1].BodyText).RootElement;

    private static string Changes(HttpResponseMessage answer) =>
        Uri.UnescapeDataString(string.Join(',', answer.Headers.GetValues("x-dragoman-changes")));

    private async Task<string> RecordOf(HttpResponseMessage answer)
    {
        var id = answer.Headers.GetValues("x-dragoman-request-id").Single();
        using var record = await _server.GetAsync("/api/llm/requests/" + id);
        record.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await record.Content.ReadAsStringAsync();
    }
}
