using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary>Rules, agents and long conversations through the real server: what reaches the provider, and what the client and the record are told.</summary>
public sealed class RulesAndAgentsTests : IAsyncLifetime
{
    private const string Code = "Write a Python function that sorts a list of dates.";

    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync();
        _server = await ServerUnderTest.StartAsync(config: Config());
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Rule_ByTask_SendsCodeToTheCoderWithItsParameters()
    {
        var (answer, sent) = await AskAsync("auto", Code, more: ",\"temperature\":0.9");

        Header(answer, "x-dragoman-model").ShouldBe("sim/coder");
        Header(answer, "x-dragoman-task").ShouldBe("code");
        Header(answer, "x-dragoman-route")
            .ShouldStartWith("auto -> sim/coder; rule 'code to coders' (task_type == \"code\")");
        Header(answer, "x-dragoman-changes").ShouldContain("overridden:temperature=0.1");
        sent["temperature"]!.GetValue<double>().ShouldBe(0.1);
        sent["messages"]![0]!["content"]!.ToString().ShouldBe("Answer with code alone.");
        sent["unknown_field"]!.GetValue<string>().ShouldBe("kept");
        var record = await RecordAsync(answer);
        record.GetProperty("task").GetString().ShouldBe("code");
        record.GetProperty("profile").GetProperty("task").GetString().ShouldBe("code");
        record.GetProperty("decision").GetProperty("rule").GetString().ShouldBe("code to coders");
    }

    [Fact]
    public async Task Rule_ByTask_FromAnotherDialect_IsTheSame()
    {
        var answer = await _server.PostAsync(
            "/v1/messages",
            $$"""{"model":"auto","max_tokens":64,"temperature":0.9,"messages":[{"role":"user","content":"{{Code}}"}]}""",
            ("anthropic-version", "2023-06-01")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(answer, "x-dragoman-model").ShouldBe("sim/coder");
        JsonNode.Parse(_simulator.Requests.Last[^1].BodyText)!["temperature"]!
            .GetValue<double>()
            .ShouldBe(0.1);
    }

    [Fact]
    public async Task Rule_OfAHeader_IsMetByThatHeaderAlone()
    {
        var (with, _) = await AskAsync("auto", "hello", ("x-team", "search-eu"));
        var (without, _) = await AskAsync("auto", "hello", ("x-team", "sales"));

        Header(with, "x-dragoman-model").ShouldBe("sim/sage");
        Header(without, "x-dragoman-model").ShouldNotBe("sim/sage");
    }

    [Fact]
    public async Task Rule_ATargetThatFails_IsFollowedByItsChain()
    {
        var (answer, _) = await AskAsync("auto", "hello", ("x-dragoman-tags", "broken"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(answer, "x-dragoman-model").ShouldBe("sim/swift");
        var record = await RecordAsync(answer);
        record.GetProperty("chain").GetString().ShouldBe("spare");
        record.GetProperty("attempts").GetArrayLength().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Rule_WhoPins_IsNotTouched()
    {
        var (answer, sent) = await AskAsync("sim/swift", Code, more: ",\"temperature\":0.9");

        Header(answer, "x-dragoman-model").ShouldBe("sim/swift");
        Header(answer, "x-dragoman-task").ShouldBe("");
        sent["temperature"]!.GetValue<double>().ShouldBe(0.9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_Asked_SpeaksItsWordsAndItsParameters(bool stream)
    {
        var (answer, sent) = await AskAsync(
            "agent:helga",
            "Who are you?",
            more: $",\"top_p\":0.5,\"stream\":{(stream ? "true" : "false")}"
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(answer, "x-dragoman-route").ShouldBe("agent:helga");
        sent["temperature"]!.GetValue<double>().ShouldBe(0.7);
        sent["top_p"]!.GetValue<double>().ShouldBe(0.5);
        sent["messages"]![0]!["role"]!.ToString().ShouldBe("system");
        sent["messages"]![0]!["content"]!.ToString().ShouldBe("You are Helga.");
        sent["messages"]![1]!["content"]!.ToString().ShouldBe("Who are you?");
        (await RecordAsync(answer)).GetProperty("route").GetString().ShouldBe("agent:helga");
    }

    [Fact]
    public async Task Agent_WithALimitOfMoney_HoldsItWhateverTheClientWishes()
    {
        var (answer, _) = await AskAsync("agent:poor", "hello", ("x-dragoman-max-cost-usd", "5"));

        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
    }

    [Fact]
    public async Task Agents_AreListedAndFoundByName()
    {
        var models = await (await _server.GetAsync("/v1/models")).JsonAsync();
        models
            .GetProperty("data")
            .EnumerateArray()
            .Where(static model => model.GetProperty("owned_by").GetString() == "agent")
            .Select(static model => model.GetProperty("id").GetString())
            .ShouldBe(["agent:helga", "agent:poor", "agent:short", "agent:sums"]);

        (await AskAsync("agent:helg", "hello")).Answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync("agent:asleep", "hello")).Answer.StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task Reload_ARuleThatIsGone_IsGone()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_server.Folder, "dragoman.yaml"),
            Config()
                .Replace(
                    "name: code to coders,",
                    "name: code to coders, active: false,",
                    StringComparison.Ordinal
                )
        );

        // The file is followed by itself.
        await Eventually.TrueAsync(async () =>
            !Header((await AskAsync("auto", Code)).Answer, "x-dragoman-route")
                .Contains("rule", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("agent:short")]
    [InlineData("chain:squeezed")]
    public async Task LongConversation_Windowed_KeepsTheNewestWholeTurns(string model)
    {
        var answer = await _server.PostAsync("/v1/chat/completions", Long(model));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(answer, "x-dragoman-changes")
            .ShouldMatch(@"context:windowed \(\d+ of 26 messages left out\)");
        var sent = JsonNode.Parse(_simulator.Requests.Last[^1].BodyText)!["messages"]!.AsArray();
        sent.Count.ShouldBeInRange(3, 24);
        sent[0]!["content"]!.ToString().ShouldBe("Be kind.");
        sent[1]!["role"]!.ToString().ShouldBe("user");
        sent[^1]!["content"]!.ToString().ShouldBe("And now?");
    }

    [Fact]
    public async Task LongConversation_PinnedByTheClient_KeepsThatTurn()
    {
        var answer = await _server.PostAsync(
            "/v1/chat/completions",
            Long("tiny"),
            ("x-dragoman-context", "windowed"),
            ("x-dragoman-pinned", "1")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = JsonNode.Parse(_simulator.Requests.Last[^1].BodyText)!["messages"]!.AsArray();
        sent[1]!["content"]!.ToString().ShouldStartWith("Question 0");
        sent[2]!["content"]!.ToString().ShouldStartWith("Answer 0");
    }

    [Fact]
    public async Task LongConversation_Summarized_HasASummaryWithARecordOfItsOwn()
    {
        var first = await _server.PostAsync(
            "/v1/chat/completions",
            Long("agent:sums"),
            ("x-dragoman-execution-id", "run-7")
        );
        var second = await _server.PostAsync("/v1/chat/completions", Long("agent:sums"));

        Header(first, "x-dragoman-changes")
            .ShouldMatch(@"context:summarized \(\d+ of 26 messages by sim/swift, req_");
        Header(second, "x-dragoman-changes").ShouldContain("remembered");
        var sent = JsonNode.Parse(_simulator.Requests.Last[^1].BodyText)!["messages"]!.AsArray();
        // The client's own words first, in one message: providers differ in what they make of several.
        sent[0]!["content"]!
            .ToString()
            .ShouldMatch("(?s)^Be kind\\..*Summary of the earlier part of this conversation:");
        sent[^1]!["content"]!.ToString().ShouldBe("And now?");
        var records = await (await _server.GetAsync("/api/llm/requests?limit=10")).JsonAsync();
        var summary = records
            .GetProperty("requests")
            .EnumerateArray()
            .Single(static record =>
                record
                    .GetProperty("tags")
                    .EnumerateArray()
                    .Any(static tag => tag.GetString() == "summary")
            );
        summary.GetProperty("execution_id").GetString().ShouldBe("run-7");
        summary.GetProperty("task").GetString().ShouldBe("summarization");
    }

    [Fact]
    public async Task LongConversation_ThatFits_IsSentAsItCame()
    {
        var body =
            """{"model":"agent:short","messages":[{"role":"user","content":"Hi"}],"odd":  1}""";

        await _server.PostAsync("/v1/chat/completions", body);

        _simulator.Requests.Last[^1].BodyText.ShouldContain("\"odd\":  1");
    }

    private string Config() =>
        ServerUnderTest.ConfigOf(_simulator)
        + """

            models:
              - { name: tiny, provider: sim, model: swift, context_window: 600, cost_per_1k_input: 0.0001, cost_per_1k_output: 0.0004 }
            chains:
              spare: { models: [sim/swift] }
              squeezed: { models: [tiny], preserve_context: false }
            rules:
              - { name: code to coders, priority: 10, when: { task_type: code }, target: sim/coder, parameters: { temperature: 0.1, system_prompt: Answer with code alone. } }
              - { name: search team, priority: 20, when: { header: { x-team: "search*" } }, target: sim/sage }
              - { name: broken, priority: 30, when: { tag: broken }, target: sim/fault-500, chain: spare }
            agents:
              helga: { model: sim/swift, system_prompt: You are Helga., parameters: { temperature: 0.7, top_p: 0.9 } }
              poor: { model: tiny, max_cost_usd: 0.0000001 }
              short: { model: tiny, context: windowed }
              sums: { model: tiny, context: { strategy: summarized, summary_model: sim/swift, keep_turns: 1 } }
              asleep: { model: tiny, active: false }
            """;

    private async Task<(HttpResponseMessage Answer, JsonNode Sent)> AskAsync(
        string model,
        string prompt,
        (string Name, string Value)? header = null,
        string more = ""
    )
    {
        var answer = await _server.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{prompt}}"}],"unknown_field":"kept"{{more}}}""",
            header is { } one ? [one] : []
        );
        await answer.Content.ReadAsStringAsync();
        return (
            answer,
            _simulator.Requests.Count > 0
                ? JsonNode.Parse(_simulator.Requests.Last[^1].BodyText)!
                : new JsonObject()
        );
    }

    private async Task<JsonElement> RecordAsync(HttpResponseMessage answer) =>
        await (
            await _server.GetAsync("/api/llm/requests/" + Header(answer, "x-dragoman-request-id"))
        ).JsonAsync();

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(' ', values) : "";

    private static string Long(string model)
    {
        var messages = new JsonArray { Said("system", "Be kind.") };
        for (var i = 0; i < 12; i++)
        {
            messages.Add(
                Said(
                    "user",
                    $"Question {i}: "
                        + string.Concat(Enumerable.Repeat("words about ships and harbours ", 6))
                )
            );
            messages.Add(
                Said(
                    "assistant",
                    $"Answer {i}: " + string.Concat(Enumerable.Repeat("the harbour is wide ", 6))
                )
            );
        }
        messages.Add(Said("user", "And now?"));
        return new JsonObject { ["model"] = model, ["messages"] = messages }.ToJsonString();
    }

    private static JsonObject Said(string role, string content) =>
        new() { ["role"] = role, ["content"] = content };
}
