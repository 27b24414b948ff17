using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Anthropic's Messages.</summary>
public sealed class AnthropicTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private const string User = """{"role":"user","content":"Tell me about cats"}""";
    private const string Tools =
        """,{"name":"get_weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}},{"name":"get_time","input_schema":{"type":"object","properties":{}}}""";

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Text_PlainAndStreamed_SayTheSame()
    {
        var plain = (await AskAsync("swift")).Json;
        var stream = await AskAsync("swift", more: ",\"stream\":true");
        var events = stream.Events;

        plain["type"]!.GetValue<string>().ShouldBe("message");
        plain["id"]!.GetValue<string>().ShouldStartWith("msg_");
        plain["stop_reason"]!.GetValue<string>().ShouldBe("end_turn");
        plain["content"]!.AsArray().Count.ShouldBe(1);
        var text = plain["content"]![0]!["text"]!.GetValue<string>();
        text.ShouldContain("Tell me about cats");
        stream.MediaType.ShouldBe("text/event-stream");
        events.ShouldAllBe(item => item.Name == item.Data["type"]!.GetValue<string>());
        events[0].Name.ShouldBe("message_start");
        events[1].Name.ShouldBe("content_block_start");
        events[2].Name.ShouldBe("ping");
        events
            .TakeLast(3)
            .Select(item => item.Name)
            .ShouldBe(["content_block_stop", "message_delta", "message_stop"]);
        Joined(events, "text_delta", "text").ShouldBe(text);
        events[^2].Data["usage"]!["output_tokens"]!
            .GetValue<int>()
            .ShouldBe(plain["usage"]!["output_tokens"]!.GetValue<int>());
        events[^2].Data["usage"]!["input_tokens"].ShouldBeNull();
        events[0].Data["message"]!["usage"]!["input_tokens"]!
            .GetValue<int>()
            .ShouldBe(plain["usage"]!["input_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task SameLogic_SaysWhatOpenAISays()
    {
        var chat = await _client.AnswerAsync("swift");

        (await AskAsync("swift")).Json["content"]![0]!["text"]!
            .GetValue<string>()
            .ShouldBe(chat["choices"]![0]!["message"]!["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task Thinking_AskedFor_IsSignedTheSameWayStreamedOrNot()
    {
        const string Asked = ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}";
        var block = (await AskAsync("swift", more: Asked)).Json["content"]![0]!;
        var events = (await AskAsync("swift", more: Asked + ",\"stream\":true")).Events;

        block["type"]!.GetValue<string>().ShouldBe("thinking");
        Joined(events, "thinking_delta", "thinking")
            .ShouldBe(block["thinking"]!.GetValue<string>());
        Joined(events, "signature_delta", "signature")
            .ShouldBe(block["signature"]!.GetValue<string>());
        (await AskAsync("sage", more: ",\"thinking\":{\"type\":\"disabled\"}")).Json["content"]!
            .AsArray()
            .Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tools_Parallel_ComeAsBlocksWithObjects()
    {
        var more = ",\"tools\":[" + Tools[1..] + "]";
        var content = (await AskAsync("swift", "weather and time", more)).Json[
            "content"
        ]!.AsArray();
        var single = await AskAsync(
            "swift",
            "weather and time",
            more + ",\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"
        );
        var stream = await AskAsync("swift", "weather and time", more + ",\"stream\":true");

        content
            .Select(block => block!["name"]!.GetValue<string>())
            .ShouldBe(["get_weather", "get_time"]);
        content[0]!["input"]!["city"]!.GetValue<string>().ShouldNotBeEmpty();
        content[0]!["id"]!.GetValue<string>().ShouldStartWith("toolu_");
        content[1]!["input"]!.AsObject().Count.ShouldBe(0);
        single.Json["content"]!.AsArray().Count.ShouldBe(1);
        single.Json["stop_reason"]!.GetValue<string>().ShouldBe("tool_use");
        var first = stream
            .Events.Where(item =>
                item.Name == "content_block_delta" && item.Data["index"]!.GetValue<int>() == 0
            )
            .ToList();
        first[0].Data["delta"]!["partial_json"]!.GetValue<string>().ShouldBeEmpty();
        JsonNode
            .DeepEquals(
                JsonNode.Parse(Joined(first, "input_json_delta", "partial_json")),
                content[0]!["input"]
            )
            .ShouldBeTrue();
        stream.Events[^2].Data["delta"]!["stop_reason"]!.GetValue<string>().ShouldBe("tool_use");
    }

    [Theory]
    [InlineData("""{"type":"tool","name":"get_time"}""", "get_time")]
    [InlineData("""{"type":"any"}""", "get_weather")]
    [InlineData("""{"type":"none"}""", null)]
    public async Task ToolChoice_Said_IsKept(string choice, string? name)
    {
        var json = (
            await AskAsync(
                "swift",
                more: ",\"tools\":[" + Tools[1..] + "],\"tool_choice\":" + choice
            )
        ).Json;

        json["content"]![0]!["name"]?.GetValue<string>().ShouldBe(name);
        json["stop_reason"]!.GetValue<string>().ShouldBe(name is null ? "end_turn" : "tool_use");
    }

    [Fact]
    public async Task ToolResult_WithItsCall_IsAnsweredAndWithoutItRefused()
    {
        const string Result =
            """{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"Sunny"}]}]}""";
        const string Call =
            """{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}]}""";

        (await AskAsync("swift", messages: $"{User},{Call},{Result}")).Json["content"]![0]!["text"]!
            .GetValue<string>()
            .ShouldContain("The tool's result begins with: Sunny");
        var orphan = await AskAsync("swift", messages: $"{User},{Result}");
        orphan.Status.ShouldBe(400);
        orphan.Text.ShouldContain("unexpected `tool_use_id`");
        var open = await AskAsync("swift", messages: $"{User},{Call},{User}");
        open.Status.ShouldBe(400);
        open.Text.ShouldContain("without `tool_result` blocks");
    }

    [Fact]
    public async Task Stops_SequenceAndLimit_AreNamed()
    {
        var stopped = (await AskAsync("swift", more: ",\"stop_sequences\":[\"answer\"]")).Json;
        var cut = (await AskAsync("swift", maxTokens: 3)).Json;
        var streamed = (
            await AskAsync("swift", more: ",\"stop_sequences\":[\"answer\"],\"stream\":true")
        ).Events;

        stopped["stop_reason"]!.GetValue<string>().ShouldBe("stop_sequence");
        stopped["stop_sequence"]!.GetValue<string>().ShouldBe("answer");
        streamed[^2].Data["delta"]!["stop_sequence"]!.GetValue<string>().ShouldBe("answer");
        cut["stop_reason"]!.GetValue<string>().ShouldBe("max_tokens");
        cut["usage"]!["output_tokens"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Cache_Marked_IsWrittenFirstAndReadInALaterTurn()
    {
        const string System =
            ""","system":[{"type":"text","text":"Be brief and kind","cache_control":{"type":"ephemeral","ttl":"1h"}}]""";
        const string Marked =
            """{"role":"user","content":[{"type":"text","text":"Hello there","cache_control":{"type":"ephemeral"}}]}""";
        var none = (await AskAsync("swift", messages: User)).Json["usage"]!;
        var first = (await AskAsync("swift", messages: Marked, more: System)).Json["usage"]!;
        var later = (
            await AskAsync(
                "swift",
                messages: $$"""{{Marked}},{"role":"assistant","content":"Hello"},{{User}}""",
                more: System
            )
        ).Json["usage"]!;

        Number(none, "cache_creation_input_tokens").ShouldBe(0);
        var hour = Number(first["cache_creation"]!, "ephemeral_1h_input_tokens");
        var minutes = Number(first["cache_creation"]!, "ephemeral_5m_input_tokens");
        hour.ShouldBeGreaterThan(0);
        minutes.ShouldBeGreaterThan(0);
        Number(first, "cache_creation_input_tokens").ShouldBe(hour + minutes);
        Number(first, "cache_read_input_tokens").ShouldBe(0);
        Number(later, "cache_read_input_tokens").ShouldBe(hour + minutes);
        Number(later, "cache_creation_input_tokens").ShouldBe(0);
        Number(later, "input_tokens").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Schema_Wanted_IsMet() =>
        JsonNode.Parse(
            (
                await AskAsync(
                    "swift",
                    more: ""","output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"age":{"type":"integer"}},"required":["age"]}}}"""
                )
            ).Json["content"]![0]!["text"]!.GetValue<string>()
        )!["age"]!
            .GetValue<int>()
            .ShouldBeGreaterThanOrEqualTo(0);

    [Fact]
    public async Task CountTokens_IsWhatTheMessageCosts()
    {
        var counted = await PostAsync(
            "/v1/messages/count_tokens",
            $$"""{"model":"swift","messages":[{{User}}]}"""
        );
        var usage = (await AskAsync("swift", messages: User)).Json["usage"]!;

        Number(counted.Json, "input_tokens").ShouldBe(Number(usage, "input_tokens"));
    }

    [Theory]
    [InlineData("""{"model":"swift","messages":[]}""", 400, "invalid_request_error")]
    [InlineData("""{"model":"swift","max_tokens":9,"messages":[]}""", 400, "invalid_request_error")]
    [InlineData("""{"model":"nobody","max_tokens":9,"messages":[]}""", 404, "not_found_error")]
    [InlineData("""{"model":"swift",""", 400, "invalid_request_error")]
    public async Task Mistake_IsToldInShape(string body, int status, string type)
    {
        var answer = await PostAsync("/v1/messages", body);

        answer.Status.ShouldBe(status);
        answer.Json["type"]!.GetValue<string>().ShouldBe("error");
        answer.Json["error"]!["type"]!.GetValue<string>().ShouldBe(type);
        answer
            .Headers.GetValues("request-id")
            .ShouldBe([answer.Json["request_id"]!.GetValue<string>()]);
    }

    [Fact]
    public async Task Version_Missing_Is400() =>
        (await _client.CallAsync("/v1/messages", "{}")).Text.ShouldContain("anthropic-version");

    [Fact]
    public async Task Keys_Wanted_ComeEitherWay()
    {
        await using var host = await SimulatorHost.StartAsync(new() { ApiKeys = ["good"] });
        using var client = new SimulatorClient(host);
        var version = ("anthropic-version", "2023-06-01");
        var body = $$"""{"model":"swift","max_tokens":9,"messages":[{{User}}]}""";

        (
            await client.CallAsync("/v1/messages", body, version, ("x-api-key", "good"))
        ).Status.ShouldBe(200);
        (
            await client.CallAsync("/v1/messages", body, version, ("Authorization", "Bearer good"))
        ).Status.ShouldBe(200);
        var bad = await client.CallAsync("/v1/messages", body, version, ("x-api-key", "bad"));
        bad.Status.ShouldBe(401);
        bad.Json["error"]!["type"]!.GetValue<string>().ShouldBe("authentication_error");
        host.Requests.Last[^1].ApiKey.ShouldBe("bad");
        host.Requests.Last[^1].Dialect.ShouldBe(SimulatedDialect.AnthropicMessages);
        host.Requests.Last[0].Model.ShouldBe("swift");
    }

    [Fact]
    public async Task Models_Pages_HoldThemAll()
    {
        var version = ("anthropic-version", "2023-06-01");
        var ids = new List<string>();
        var after = "";
        JsonNode page;
        do
        {
            page = (await _client.CallAsync("/v1/models?limit=30" + after, null, version)).Json;
            ids.AddRange(page["data"]!.AsArray().Select(model => model!["id"]!.GetValue<string>()));
            after = "&after_id=" + page["last_id"]!.GetValue<string>();
        } while (page["has_more"]!.GetValue<bool>());
        var first = (await _client.CallAsync("/v1/models", null, version)).Json;

        ids.ShouldBe(provider.Host.ModelsIn(SimulatedDialect.AnthropicMessages));
        ids.ShouldContain("fault-anthropic-ping-storm");
        ids.ShouldNotContain("fault-groq-usage");
        first["data"]!.AsArray().Count.ShouldBe(20);
        first["has_more"]!.GetValue<bool>().ShouldBeTrue();
        (await _client.CallAsync("/v1/models/sage", null, version)).Json["type"]!
            .GetValue<string>()
            .ShouldBe("model");
    }

    private static int Number(JsonNode node, string name) => node[name]!.GetValue<int>();

    private static string Joined(IEnumerable<WireEvent> events, string type, string field) =>
        string.Concat(
            events
                .Where(item => item.Data["delta"]?["type"]?.GetValue<string>() == type)
                .Select(item => item.Data["delta"]![field]!.GetValue<string>())
        );

    private Task<WireAnswer> AskAsync(
        string model,
        string prompt = "Tell me about cats",
        string more = "",
        string? messages = null,
        int maxTokens = 4096
    ) =>
        PostAsync(
            "/v1/messages",
            $$"""{"model":"{{model}}","max_tokens":{{maxTokens}},"messages":[{{messages ?? $$"""{"role":"user","content":"{{prompt}}"}"""}}]{{more}}}"""
        );

    private Task<WireAnswer> PostAsync(string path, string body) =>
        _client.CallAsync(path, body, ("anthropic-version", "2023-06-01"));
}
