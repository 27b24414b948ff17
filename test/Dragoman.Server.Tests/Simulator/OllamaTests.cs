using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Ollama's own API.</summary>
public sealed class OllamaTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private const string Tools =
        ""","tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},{"type":"function","function":{"name":"get_time","parameters":{"type":"object","properties":{}}}}]""";

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Chat_StreamsUnlessToldNotTo_AndSaysTheSame()
    {
        var stream = await ChatAsync("swift");
        var plain = (await ChatAsync("swift", more: ",\"stream\":false")).Json;

        stream.MediaType.ShouldBe("application/x-ndjson");
        var text = plain["message"]!["content"]!.GetValue<string>();
        text.ShouldContain("Tell me about cats");
        string.Concat(stream.Lines.Select(line => line["message"]!["content"]!.GetValue<string>()))
            .ShouldBe(text);
        stream.Lines.SkipLast(1).ShouldAllBe(line => !line["done"]!.GetValue<bool>());
        var last = stream.Lines[^1];
        last["done"]!.GetValue<bool>().ShouldBeTrue();
        last["done_reason"]!.GetValue<string>().ShouldBe("stop");
        foreach (
            var name in new[]
            {
                "prompt_eval_count",
                "eval_count",
                "total_duration",
                "load_duration",
                "prompt_eval_duration",
                "eval_duration",
            }
        )
            last[name]!.GetValue<long>().ShouldBe(plain[name]!.GetValue<long>());
    }

    [Fact]
    public async Task Generate_PutsTheTextBesideTheRest()
    {
        var lines = (
            await _client.CallAsync(
                "/api/generate",
                """{"model":"swift","prompt":"Tell me about cats"}"""
            )
        ).Lines;
        var chat = (await ChatAsync("swift", more: ",\"stream\":false")).Json;

        string.Concat(lines.Select(line => line["response"]!.GetValue<string>()))
            .ShouldBe(chat["message"]!["content"]!.GetValue<string>());
        lines[^1]["context"]!.AsArray().Count.ShouldBeGreaterThan(0);
        lines[^1]["message"].ShouldBeNull();
    }

    [Fact]
    public async Task Thinking_IsApartFromTheContent()
    {
        var on = (await ChatAsync("swift", more: ",\"think\":true,\"stream\":false")).Json;
        var streamed = (await ChatAsync("swift", more: ",\"think\":true")).Lines;
        var off = (await ChatAsync("sage", more: ",\"think\":false,\"stream\":false")).Json;

        var thinking = on["message"]!["thinking"]!.GetValue<string>();
        thinking.ShouldNotBeEmpty();
        string.Concat(streamed.Select(line => line["message"]!["thinking"]?.GetValue<string>()))
            .ShouldBe(thinking);
        off["message"]!["thinking"].ShouldBeNull();
    }

    [Fact]
    public async Task Tools_AreCalledWithObjectsAndWithoutIds_EachInOneLine()
    {
        var plain = (
            await ChatAsync("swift", "weather and time", Tools + ",\"stream\":false")
        ).Json;
        var lines = (await ChatAsync("swift", "weather and time", Tools)).Lines;

        var calls = plain["message"]!["tool_calls"]!.AsArray();
        calls.Count.ShouldBe(2);
        calls[0]!["id"].ShouldBeNull();
        calls[0]!["function"]!["arguments"]!["city"]!.GetValue<string>().ShouldNotBeEmpty();
        plain["done_reason"]!.GetValue<string>().ShouldBe("stop");
        lines.Count.ShouldBe(3);
        JsonNode.DeepEquals(lines[1]["message"]!["tool_calls"]![0], calls[1]).ShouldBeTrue();
    }

    [Fact]
    public async Task Options_LimitStopAndFormat_AreKept()
    {
        var cut = (
            await ChatAsync("swift", more: ",\"options\":{\"num_predict\":3},\"stream\":false")
        ).Json;
        var stopped = (
            await ChatAsync("swift", more: ",\"options\":{\"stop\":[\"answer\"]},\"stream\":false")
        ).Json;
        var shaped = (
            await ChatAsync(
                "swift",
                more: ""","format":{"type":"object","properties":{"age":{"type":"integer"}},"required":["age"]},"stream":false"""
            )
        ).Json;

        cut["done_reason"]!.GetValue<string>().ShouldBe("length");
        cut["eval_count"]!.GetValue<int>().ShouldBe(3);
        stopped["message"]!["content"]!.GetValue<string>().ShouldBe("This is a simulated ");
        JsonNode.Parse(shaped["message"]!["content"]!.GetValue<string>())!["age"]!
            .GetValue<int>()
            .ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task ToolResult_IsAnswered() =>
        (
            await _client.CallAsync(
                "/api/chat",
                """{"model":"swift","stream":false,"messages":[{"role":"user","content":"time?"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"get_time","arguments":{}}}]},{"role":"tool","tool_name":"get_time","content":"Noon"}]}"""
            )
        ).Text.ShouldContain("The tool's result begins with: Noon");

    [Fact]
    public async Task KeepAlive_LoadsAndUnloads()
    {
        provider.Host.Reset();
        (await RunningAsync()).ShouldBeEmpty();
        (await _client.CallAsync("/api/chat", """{"model":"swift","messages":[]}""")).Json[
            "done_reason"
        ]!
            .GetValue<string>()
            .ShouldBe("load");
        (
            await _client.CallAsync(
                "/api/generate",
                """{"model":"coder:latest","keep_alive":"10m"}"""
            )
        ).Json["response"]!
            .GetValue<string>()
            .ShouldBeEmpty();
        (await RunningAsync()).ShouldBe(["coder:latest", "swift:latest"]);
        (await _client.CallAsync("/api/generate", """{"model":"coder","keep_alive":0}""")).Json[
            "done_reason"
        ]!
            .GetValue<string>()
            .ShouldBe("unload");
        (await RunningAsync()).ShouldBe(["swift:latest"]);
    }

    [Fact]
    public async Task Models_AreListedAndShown()
    {
        var tags = (await _client.CallAsync("/api/tags")).Json["models"]!.AsArray();
        var sage = (await _client.CallAsync("/api/show", """{"model":"sage:latest"}""")).Json;

        tags.Select(model => model!["name"]!.GetValue<string>())
            .ShouldBe(
                provider.Host.ModelsIn(SimulatedDialect.Ollama).Select(name => name + ":latest")
            );
        sage["capabilities"]!
            .AsArray()
            .Select(item => item!.GetValue<string>())
            .ShouldContain("thinking");
        sage["model_info"]!["simulated.context_length"]!.GetValue<int>().ShouldBe(32768);
        (await _client.CallAsync("/api/show", """{"model":"nobody"}""")).Status.ShouldBe(404);
        (await _client.CallAsync("/api/version")).Json["version"]!
            .GetValue<string>()
            .ShouldNotBeEmpty();
        (await _client.CallAsync("/")).Text.ShouldBe("Ollama is running");
    }

    [Fact]
    public async Task Embed_AgreesWithOpenAIs()
    {
        var answer = (
            await _client.CallAsync(
                "/api/embed",
                """{"model":"embed","input":["dogs","cats"],"dimensions":16}"""
            )
        ).Json;
        var old = (
            await _client.CallAsync("/api/embeddings", """{"model":"embed","prompt":"cats"}""")
        ).Json;
        using var openAI = await _client.PostAsync(
            "/embeddings",
            """{"model":"embed","input":"cats","dimensions":16}"""
        );
        var expected = JsonNode.Parse(await openAI.Content.ReadAsStringAsync())!["data"]![0]![
            "embedding"
        ];

        JsonNode.DeepEquals(answer["embeddings"]![1], expected).ShouldBeTrue();
        answer["prompt_eval_count"]!.GetValue<int>().ShouldBe(2);
        old["embedding"]!.AsArray().Count.ShouldBe(256);
    }

    [Fact]
    public async Task Mistake_IsAStringAndJournalKnowsTheDialect()
    {
        var answer = await ChatAsync("nobody");

        answer.Status.ShouldBe(404);
        answer.Json["error"]!.GetValue<string>().ShouldContain("nobody");
        var request = provider.Host.Requests.Last[^1];
        request.Dialect.ShouldBe(SimulatedDialect.Ollama);
        request.Model.ShouldBe("nobody");
        request.BodyText.ShouldContain("Tell me about cats");
    }

    private async Task<IEnumerable<string>> RunningAsync() =>
        (await _client.CallAsync("/api/ps")).Json["models"]!
            .AsArray()
            .Select(model => model!["name"]!.GetValue<string>());

    private Task<WireAnswer> ChatAsync(
        string model,
        string prompt = "Tell me about cats",
        string more = ""
    ) =>
        _client.CallAsync(
            "/api/chat",
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{prompt}}"}]{{more}}}"""
        );
}
