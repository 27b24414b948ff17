using System.Net;
using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Sound chat answers, plain and streamed.</summary>
public sealed class ChatTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private const string Tools =
        ""","tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["c","f"]}},"required":["city","unit"]}}}]""";

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Chat_Plain_SaysSimulatedAndEchoes()
    {
        var answer = await _client.AnswerAsync("swift", "Tell me about cats");

        answer["object"]!.GetValue<string>().ShouldBe("chat.completion");
        answer["model"]!.GetValue<string>().ShouldBe("swift");
        var choice = answer["choices"]![0]!;
        choice["message"]!["content"]!.GetValue<string>().ShouldContain("simulated");
        choice["message"]!["content"]!.GetValue<string>().ShouldContain("Tell me about cats");
        choice["finish_reason"]!.GetValue<string>().ShouldBe("stop");
        var usage = answer["usage"]!;
        usage["total_tokens"]!
            .GetValue<int>()
            .ShouldBe(
                usage["prompt_tokens"]!.GetValue<int>()
                    + usage["completion_tokens"]!.GetValue<int>()
            );
    }

    [Theory]
    [InlineData("swift")]
    [InlineData("sage")]
    [InlineData("coder")]
    public async Task Chat_SameRequest_SameAnswer(string model)
    {
        var once = await _client.AnswerAsync(model);
        var again = await _client.AnswerAsync(model);

        again["id"]!.GetValue<string>().ShouldBe(once["id"]!.GetValue<string>());
        again["choices"]!.ToJsonString().ShouldBe(once["choices"]!.ToJsonString());
        again["usage"]!.ToJsonString().ShouldBe(once["usage"]!.ToJsonString());
    }

    [Theory]
    [InlineData("swift")]
    [InlineData("sage")]
    [InlineData("coder")]
    public async Task Stream_Sound_AddsUpToThePlainAnswer(string model)
    {
        var plain = (await _client.AnswerAsync(model))["choices"]![0]!["message"]!;
        var stream = await _client.StreamTextAsync(model);
        var chunks = SimulatorClient.Chunks(stream);

        SimulatorClient.Joined(chunks).ShouldBe(plain["content"]!.GetValue<string>());
        SimulatorClient
            .Joined(chunks, "reasoning_content")
            .ShouldBe(plain["reasoning_content"]?.GetValue<string>() ?? "");
        chunks.Count.ShouldBeGreaterThan(5);
        chunks[0]["choices"]![0]!["delta"]!["role"]!.GetValue<string>().ShouldBe("assistant");
        chunks[^1]["choices"]![0]!["finish_reason"]!.GetValue<string>().ShouldBe("stop");
        chunks.ShouldAllBe(chunk => chunk["usage"] == null);
        stream.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Stream_IncludeUsage_LastChunkHasUsageAndNoChoices()
    {
        var chunks = SimulatorClient.Chunks(
            await _client.StreamTextAsync(
                "swift",
                more: ",\"stream_options\":{\"include_usage\":true}"
            )
        );

        chunks[^1]["choices"]!.AsArray().Count.ShouldBe(0);
        chunks[^1]["usage"]!["completion_tokens"]!.GetValue<int>().ShouldBeGreaterThan(0);
        chunks.SkipLast(1).ShouldAllBe(chunk => chunk.AsObject().ContainsKey("usage"));
    }

    [Fact]
    public async Task Sage_Always_ReasonsBeforeContentAndCountsIt()
    {
        var chunks = SimulatorClient.Chunks(await _client.StreamTextAsync("sage"));
        var kinds = chunks
            .Select(chunk => chunk["choices"]![0]!["delta"]!.AsObject())
            .Select(delta =>
                delta.ContainsKey("reasoning_content") ? 'r'
                : delta.ContainsKey("content") ? 'c'
                : '-'
            )
            .ToArray();
        Array.LastIndexOf(kinds, 'r').ShouldBeLessThan(Array.IndexOf(kinds, 'c', 1));

        var usage = (await _client.AnswerAsync("sage"))["usage"]!;
        var reasoning = usage["completion_tokens_details"]!["reasoning_tokens"]!.GetValue<int>();
        reasoning.ShouldBeInRange(1, usage["completion_tokens"]!.GetValue<int>() - 1);
    }

    [Fact]
    public async Task Sage_NoEffort_DoesNotReason()
    {
        var answer = await _client.AnswerAsync("sage", more: ",\"reasoning_effort\":\"none\"");

        answer["choices"]![0]!["message"]!["reasoning_content"].ShouldBeNull();
    }

    [Fact]
    public async Task Chat_MaxTokens_EndsByLength()
    {
        var answer = await _client.AnswerAsync("swift", more: ",\"max_tokens\":3");

        answer["choices"]![0]!["finish_reason"]!.GetValue<string>().ShouldBe("length");
        answer["choices"]![0]!["message"]!["content"]!.GetValue<string>().ShouldBe("This is a");
        answer["usage"]!["completion_tokens"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Chat_Stop_EndsBefore()
    {
        var answer = await _client.AnswerAsync("swift", more: ",\"stop\":[\"never\",\" answer\"]");

        answer["choices"]![0]!["message"]!["content"]!
            .GetValue<string>()
            .ShouldBe("This is a simulated");
    }

    [Fact]
    public async Task Chat_SeveralChoices_AreNumberedStreamedToo()
    {
        var answer = await _client.AnswerAsync("swift", more: ",\"n\":3");
        var streamed = SimulatorClient.Chunks(
            await _client.StreamTextAsync("swift", more: ",\"n\":3")
        );

        answer["choices"]!
            .AsArray()
            .Select(choice => choice!["index"]!.GetValue<int>())
            .ShouldBe([0, 1, 2]);
        streamed
            .Where(chunk => chunk["choices"]![0]!["finish_reason"] is not null)
            .Select(chunk => chunk["choices"]![0]!["index"]!.GetValue<int>())
            .Order()
            .ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Chat_LogProbs_OnePerToken()
    {
        var answer = await _client.AnswerAsync(
            "swift",
            more: ",\"logprobs\":true,\"top_logprobs\":2"
        );
        var choice = answer["choices"]![0]!;
        var tokens = choice["logprobs"]!["content"]!.AsArray();

        string.Concat(tokens.Select(token => token!["token"]!.GetValue<string>()))
            .ShouldBe(choice["message"]!["content"]!.GetValue<string>());
        tokens.ShouldAllBe(token => token!["logprob"]!.GetValue<double>() <= 0);
        tokens[0]!["top_logprobs"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Chat_WordsWanted_AreGiven()
    {
        var text = (await _client.AnswerAsync("swift", "Write 200 words"))["choices"]![0]![
            "message"
        ]!["content"]!.GetValue<string>();

        text.Split(' ').Length.ShouldBeInRange(200, 240);
    }

    [Fact]
    public async Task Chat_Parts_AreAcknowledged()
    {
        using var response = await _client.PostAsync(
            "/chat/completions",
            """
            {"model":"demo/swift","messages":[{"role":"user","content":[{"type":"text","text":"Look"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},
            {"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}},{"type":"file","file":{"file_data":"AA=="}}]}]}
            """
        );
        var text = await response.Content.ReadAsStringAsync();

        text.ShouldContain("2 images");
        text.ShouldContain("1 sound.");
        text.ShouldContain("1 file.");
    }

    [Fact]
    public async Task Chat_Prefilled_GoesOnFromThere()
    {
        var whole = (await _client.AnswerAsync("swift", "Hello"))["choices"]![0]!["message"]![
            "content"
        ]!.GetValue<string>();
        using var response = await _client.PostAsync(
            "/chat/completions",
            """{"model":"swift","messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"This is a simu"}]}"""
        );
        var rest = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        rest["choices"]![0]!["message"]!["content"]!
            .GetValue<string>()
            .ShouldBe(whole["This is a simu".Length..]);
    }

    [Theory]
    [InlineData("How is the weather in Paris?", "", 1)]
    [InlineData("Please use a tool", "", 1)]
    [InlineData("How is the weather in both Paris and Rome?", "", 2)]
    [InlineData("How is the weather in both Paris and Rome?", ",\"parallel_tool_calls\":false", 1)]
    [InlineData("Sing a song", "", 0)]
    [InlineData("Sing a song", ",\"tool_choice\":\"required\"", 1)]
    [InlineData(
        "Sing a song",
        ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}",
        1
    )]
    [InlineData("How is the weather?", ",\"tool_choice\":\"none\"", 0)]
    public async Task Tools_AsAsked_AreCalled(string prompt, string more, int calls)
    {
        var choice = (await _client.AnswerAsync("swift", prompt, Tools + more))["choices"]![0]!;
        var made = choice["message"]!["tool_calls"]?.AsArray() ?? [];

        made.Count.ShouldBe(calls);
        choice["finish_reason"]!.GetValue<string>().ShouldBe(calls > 0 ? "tool_calls" : "stop");
        foreach (var call in made)
        {
            call!["function"]!["name"]!.GetValue<string>().ShouldBe("get_weather");
            var arguments = JsonNode.Parse(call["function"]!["arguments"]!.GetValue<string>())!;
            arguments["city"]!.GetValue<string>().ShouldNotBeEmpty();
            arguments["unit"]!.GetValue<string>().ShouldBeOneOf("c", "f");
        }
        made.Select(call => call!["id"]!.GetValue<string>()).ShouldBeUnique();
    }

    [Fact]
    public async Task Tools_Streamed_ArriveInFragmentsPerIndex()
    {
        const string prompt = "How is the weather in both Paris and Rome?";
        var plain = (await _client.AnswerAsync("swift", prompt, Tools))["choices"]![0]!["message"]![
            "tool_calls"
        ]!.AsArray();
        var fragments = SimulatorClient
            .Chunks(await _client.StreamTextAsync("swift", prompt, Tools))
            .Select(chunk => chunk["choices"]![0]!["delta"]!["tool_calls"]?[0])
            .OfType<JsonNode>()
            .ToList();

        for (var index = 0; index < plain.Count; index++)
        {
            var mine = fragments.Where(item => item["index"]!.GetValue<int>() == index).ToList();
            mine.Count.ShouldBeGreaterThan(2);
            string.Concat(mine.Select(item => item["function"]!["arguments"]!.GetValue<string>()))
                .ShouldBe(plain[index]!["function"]!["arguments"]!.GetValue<string>());
            mine.Count(item => item["id"] is not null).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Tools_AfterTheResult_AnswerIsText()
    {
        using var response = await _client.PostAsync(
            "/chat/completions",
            """
            {"model":"swift","messages":[{"role":"user","content":"weather?"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"21 degrees"}]
            """
                + Tools
                + "}"
        );
        var choice = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["choices"]![0]!;

        choice["message"]!["content"]!.GetValue<string>().ShouldContain("21 degrees");
        choice["finish_reason"]!.GetValue<string>().ShouldBe("stop");
    }

    [Fact]
    public async Task Format_JsonSchema_GivesAnInstance()
    {
        var answer = await _client.AnswerAsync(
            "swift",
            more: ""","response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object","properties":{"age":{"type":"integer","minimum":7}},"required":["age"]}}}"""
        );
        var made = JsonNode.Parse(
            answer["choices"]![0]!["message"]!["content"]!.GetValue<string>()
        )!;

        made["age"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(7);
    }

    [Fact]
    public async Task Format_JsonObject_GivesAnObject()
    {
        var answer = await _client.AnswerAsync(
            "swift",
            more: ",\"response_format\":{\"type\":\"json_object\"}"
        );

        JsonNode
            .Parse(answer["choices"]![0]!["message"]!["content"]!.GetValue<string>())!
            .AsObject()["simulated"]!
            .GetValue<bool>()
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Usage_LongPrompt_HasCachedTokens()
    {
        var answer = await _client.AnswerAsync(
            "swift",
            string.Concat(Enumerable.Repeat("word ", 2000))
        );
        var usage = answer["usage"]!;

        usage["prompt_tokens"]!.GetValue<int>().ShouldBe(2008);
        usage["prompt_tokens_details"]!["cached_tokens"]!.GetValue<int>().ShouldBe(896);
    }

    [Theory]
    [InlineData("{", "", 400)]
    [InlineData("[]", "", 400)]
    [InlineData("""{"model":"swift","messages":[{"role":"user","content":"\ud83d"}]}""", "", 400)]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model", 400)]
    [InlineData("""{"model":"swift"}""", "messages", 400)]
    [InlineData("""{"model":"swift","messages":[]}""", "messages", 400)]
    [InlineData("""{"model":"swift","messages":[{"content":"x"}]}""", "messages", 400)]
    [InlineData("""{"model":"swift","messages":[{"role":"user","content":7}]}""", "messages", 400)]
    [InlineData("""{"model":"swift","n":0,"messages":[{"role":"user","content":"x"}]}""", "n", 400)]
    [InlineData("""{"model":"nobody","messages":[{"role":"user","content":"x"}]}""", "model", 404)]
    [InlineData("""{"model":"embed","messages":[{"role":"user","content":"x"}]}""", "model", 404)]
    public async Task Chat_Malformed_IsRefusedInOpenAIsShape(string body, string param, int status)
    {
        using var response = await _client.PostAsync("/chat/completions", body);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;

        ((int)response.StatusCode).ShouldBe(status);
        error["message"]!.GetValue<string>().ShouldNotBeEmpty();
        error["type"]!.GetValue<string>().ShouldBe("invalid_request_error");
        (error["param"]?.GetValue<string>() ?? "").ShouldBe(param);
    }

    [Fact]
    public async Task Models_List_HoldsFaultsAndSingleOnesAreFound()
    {
        using var list = await _client.GetAsync("/models");
        var ids = JsonNode.Parse(await list.Content.ReadAsStringAsync())!["data"]!
            .AsArray()
            .Select(model => model!["id"]!.GetValue<string>())
            .ToList();
        using var one = await _client.GetAsync("/models/demo/sage");
        using var none = await _client.GetAsync("/models/nobody");

        ids.ShouldContain("swift");
        ids.ShouldContain("fault-cut");
        ids.Count.ShouldBe(Faults.Of(SimulatedDialect.OpenAIChat).Count() + 4);
        one.StatusCode.ShouldBe(HttpStatusCode.OK);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
