using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>The faults that are one dialect's own.</summary>
public sealed class DialectFaultTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private const SimulatedDialect Claude = SimulatedDialect.AnthropicMessages;
    private const SimulatedDialect Gemini = SimulatedDialect.Gemini;
    private const SimulatedDialect Ollama = SimulatedDialect.Ollama;
    private const SimulatedDialect Responses = SimulatedDialect.OpenAIResponses;

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Anthropic_Overloaded_PlainAndInMidStream()
    {
        (await AskAsync(Claude, "529")).Json["error"]!["type"]!
            .GetValue<string>()
            .ShouldBe("overloaded_error");
        var events = (await StreamAsync(Claude, "anthropic-overloaded")).Events;
        events[^1].Name.ShouldBe("error");
        events[^1].Data["error"]!["type"]!.GetValue<string>().ShouldBe("overloaded_error");
        events.ShouldContain(item => item.Name == "content_block_delta");
    }

    [Theory]
    [InlineData("context", 400, "prompt is too long")]
    [InlineData("quota", 400, "credit balance is too low")]
    [InlineData("filter", 400, "content filtering policy")]
    [InlineData("401", 401, "invalid x-api-key")]
    public async Task Anthropic_Refusals_HaveItsWords(string fault, int status, string words)
    {
        var answer = await AskAsync(Claude, fault);

        answer.Status.ShouldBe(status);
        answer.Json["error"]!["message"]!.GetValue<string>().ShouldContain(words);
    }

    [Fact]
    public async Task Anthropic_PingStorm_IsSoundBesides()
    {
        var storm = (await StreamAsync(Claude, "anthropic-ping-storm")).Events;
        var sound = (await new Tongue(Claude).AskAsync(_client, "swift", stream: true)).Events;

        storm.Count(item => item.Name == "ping").ShouldBeGreaterThan(10);
        Deltas(storm).ShouldBe(Deltas(sound));
    }

    [Fact]
    public async Task Anthropic_RepeatedUsage_SaysTheInputTwice()
    {
        var events = (await StreamAsync(Claude, "anthropic-repeated-usage")).Events;

        events[^2].Data["usage"]!["input_tokens"]!
            .GetValue<int>()
            .ShouldBe(events[0].Data["message"]!["usage"]!["input_tokens"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(Claude)]
    [InlineData(Responses)]
    public async Task UnknownEvent_IsOneAmidASoundStream(SimulatedDialect dialect)
    {
        var events = (await StreamAsync(dialect, "unknown-event")).Events;
        var sound = (await new Tongue(dialect).AskAsync(_client, "swift", stream: true)).Events;

        events.Count(item => item.Name == "simulated_event").ShouldBe(1);
        events
            .Where(item => item.Name != "simulated_event")
            .Select(item => item.Name)
            .ShouldBe(sound.Select(item => item.Name));
    }

    [Fact]
    public async Task Anthropic_MissingEnds_AreMissing()
    {
        var noStop = (await StreamAsync(Claude, "no-done")).Events;
        var noFinish = (await StreamAsync(Claude, "no-finish")).Events;

        noStop[^1].Name.ShouldBe("message_delta");
        noFinish[^1].Name.ShouldBe("content_block_delta");
        (await StreamAsync(Claude, "anthropic-unnamed-events")).Text.ShouldNotContain("event:");
    }

    [Theory]
    [InlineData("anthropic-empty-input", 1)]
    [InlineData("anthropic-no-input-delta", 0)]
    public async Task Anthropic_NoArguments_ComeEmptyOrNotAtAll(string fault, int deltas)
    {
        const string More =
            ""","tools":[{"name":"get_weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]}""";
        var body =
            $$"""{"model":"fault-{{fault}}","max_tokens":99,"messages":[{"role":"user","content":"weather"}]""";
        var version = ("anthropic-version", "2023-06-01");
        var plain = await _client.CallAsync("/v1/messages", body + More, version);
        var stream = await _client.CallAsync(
            "/v1/messages",
            body + ",\"stream\":true" + More,
            version
        );

        plain.Json["content"]![0]!["input"]!.AsObject().Count.ShouldBe(0);
        var input = stream.Events.Where(item => item.Name == "content_block_delta").ToList();
        input.Count.ShouldBe(deltas);
        input.ShouldAllBe(item =>
            item.Data["delta"]!["partial_json"]!.GetValue<string>().Length == 0
        );
    }

    [Theory]
    [InlineData("anthropic-redacted-thinking", "redacted_thinking thinking text")]
    [InlineData("anthropic-unknown-block", "simulated_block text")]
    [InlineData("anthropic-web-search", "server_tool_use web_search_tool_result text")]
    public async Task Anthropic_Blocks_OfOtherKinds_PlainAndStreamed(string fault, string kinds)
    {
        var plain = (await AskAsync(Claude, fault)).Json["content"]!.AsArray();
        var begun = (await StreamAsync(Claude, fault))
            .Events.Where(item => item.Name == "content_block_start")
            .ToList();

        plain.Select(block => block!["type"]!.GetValue<string>()).ShouldBe(kinds.Split(' '));
        begun
            .Select(item => item.Data["content_block"]!["type"]!.GetValue<string>())
            .ShouldBe(kinds.Split(' '));
        if (fault == "anthropic-web-search")
        {
            plain[2]!["citations"]![0]!["url"]!.GetValue<string>().ShouldStartWith("https://");
            (await StreamAsync(Claude, fault)).Text.ShouldContain("citations_delta");
        }
    }

    [Theory]
    [InlineData("content-filter-finish", "refusal")]
    [InlineData("anthropic-pause-turn", "pause_turn")]
    [InlineData("length", "max_tokens")]
    public async Task Anthropic_StopReasons(string fault, string reason)
    {
        (await AskAsync(Claude, fault)).Json["stop_reason"]!.GetValue<string>().ShouldBe(reason);
        (await StreamAsync(Claude, fault)).Events[^2].Data["delta"]!["stop_reason"]!
            .GetValue<string>()
            .ShouldBe(reason);
    }

    [Fact]
    public async Task Anthropic_StrictSignatures_TakeBackWhatTheyGaveOnly()
    {
        const string Model = "fault-strict-signatures";
        var version = ("anthropic-version", "2023-06-01");
        var thinking = (await new Tongue(Claude).AskAsync(_client, Model, stream: false)).Json[
            "content"
        ]![0]!;
        var mended = thinking.DeepClone();
        mended["signature"] = "another";

        (await BackAsync(thinking)).Status.ShouldBe(200);
        var refused = await BackAsync(mended);
        refused.Status.ShouldBe(400);
        refused.Text.ShouldContain("Invalid `signature`");

        Task<WireAnswer> BackAsync(JsonNode block) =>
            _client.CallAsync(
                "/v1/messages",
                $$"""{"model":"{{Model}}","max_tokens":99,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{{block.ToJsonString()}},{"type":"text","text":"b"}]},{"role":"user","content":"c"}]}""",
                version
            );
    }

    [Theory]
    [InlineData("content-filter-finish", "SAFETY")]
    [InlineData("gemini-recitation", "RECITATION")]
    [InlineData("gemini-malformed-call", "MALFORMED_FUNCTION_CALL")]
    [InlineData("length", "MAX_TOKENS")]
    public async Task Gemini_FinishReasons(string fault, string reason)
    {
        var plain = (await AskAsync(Gemini, fault)).Json["candidates"]![0]!;
        var last = (await StreamAsync(Gemini, fault)).Events[^1].Data["candidates"]![0]!;

        plain["finishReason"]!.GetValue<string>().ShouldBe(reason);
        last["finishReason"]!.GetValue<string>().ShouldBe(reason);
        (plain["content"] is null).ShouldBe(fault == "gemini-malformed-call");
        (plain["safetyRatings"] is not null).ShouldBe(reason == "SAFETY");
    }

    [Fact]
    public async Task Gemini_Limit_SaysWhenInTheBodyAlone()
    {
        var answer = await AskAsync(Gemini, "429-retryinfo");

        answer.Status.ShouldBe(429);
        answer.Json["error"]!["details"]![0]!["retryDelay"]!.GetValue<string>().ShouldBe("1s");
        answer.Headers.Contains("Retry-After").ShouldBeFalse();
        (await AskAsync(Gemini, "quota")).Json["error"]!["details"]![0]!["@type"]!
            .GetValue<string>()
            .ShouldEndWith("QuotaFailure");
        (await AskAsync(Gemini, "gemini-bad-key")).Status.ShouldBe(400);
        (await AskAsync(Gemini, "gemini-context-429")).Status.ShouldBe(429);
    }

    [Theory]
    [InlineData("gemini-prompt-blocked")]
    [InlineData("filter")]
    public async Task Gemini_BlockedPrompt_HasNoCandidates(string fault)
    {
        var plain = await AskAsync(Gemini, fault);
        var stream = await StreamAsync(Gemini, fault);

        plain.Status.ShouldBe(200);
        foreach (var json in new[] { plain.Json, stream.Events.ShouldHaveSingleItem().Data })
        {
            json["promptFeedback"]!["blockReason"]!
                .GetValue<string>()
                .ShouldBe("PROHIBITED_CONTENT");
            json["candidates"].ShouldBeNull();
        }
    }

    [Fact]
    public async Task Gemini_LateSignature_IsOnAnEmptyText()
    {
        var plain = (await AskAsync(Gemini, "gemini-late-signature")).Json["candidates"]![0]![
            "content"
        ]!["parts"]!.AsArray();
        var events = (await StreamAsync(Gemini, "gemini-late-signature")).Events;
        var last = events[^1].Data["candidates"]![0]!["content"]!["parts"]![0]!;

        foreach (var part in new[] { plain[^1]!, last })
        {
            part["text"]!.GetValue<string>().ShouldBeEmpty();
            part["thoughtSignature"]!.GetValue<string>().ShouldNotBeEmpty();
        }
        events
            .SkipLast(1)
            .ShouldAllBe(item => !item.Data.ToJsonString(null).Contains("thoughtSignature"));
    }

    [Fact]
    public async Task Gemini_Grounded_CountsInBytes()
    {
        var plain = (await AskAsync(Gemini, "gemini-grounded")).Json["candidates"]![0]!;
        var events = (await StreamAsync(Gemini, "gemini-grounded")).Events;
        var last = events[^1].Data["candidates"]![0]!;

        var text = System.Text.Encoding.UTF8.GetBytes(
            plain["content"]!["parts"]![0]!["text"]!.GetValue<string>()
        );
        var segment = plain["groundingMetadata"]!["groundingSupports"]![0]!["segment"]!;
        System
            .Text.Encoding.UTF8.GetString(
                text[segment["startIndex"]!.GetValue<int>()..segment["endIndex"]!.GetValue<int>()]
            )
            .ShouldBe(segment["text"]!.GetValue<string>());
        JsonNode.DeepEquals(last["groundingMetadata"], plain["groundingMetadata"]).ShouldBeTrue();
        events[0].Data["candidates"]![0]!["groundingMetadata"].ShouldBeNull();
    }

    [Fact]
    public async Task Responses_WebSearch_IsAnItemAndAnAnnotation()
    {
        var output = (await AskAsync(Responses, "responses-web-search")).Json["output"]!.AsArray();
        var events = (await StreamAsync(Responses, "responses-web-search")).Events;
        var part = output[1]!["content"]![0]!;
        var cited = part["annotations"]![0]!;

        output[0]!["type"]!.GetValue<string>().ShouldBe("web_search_call");
        part["text"]!
            .GetValue<string>()[cited["start_index"]!.GetValue<int>()..]
            .ShouldBe("Größe: naïve.");
        cited["url"]!.GetValue<string>().ShouldStartWith("https://");
        events
            .Select(item => item.Name!)
            .Where(name => name.Contains("search", StringComparison.Ordinal))
            .ShouldBe([
                "response.web_search_call.in_progress",
                "response.web_search_call.searching",
                "response.web_search_call.completed",
            ]);
        JsonNode
            .DeepEquals(
                events.Single(item => item.Name == "response.output_text.annotation.added").Data[
                    "annotation"
                ],
                cited
            )
            .ShouldBeTrue();
        JsonNode
            .DeepEquals(
                events[^1].Data["response"]!["output"]![1]!["content"],
                output[1]!["content"]
            )
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Gemini_NoFinish_HasNoFinishReason() =>
        (await StreamAsync(Gemini, "no-finish")).Text.ShouldNotContain("finishReason");

    [Fact]
    public async Task Gemini_StrictSignatures_WantTheOneOfTheFirstCall()
    {
        const string Path = "/v1beta/models/fault-strict-signatures:generateContent";
        const string Tools = ""","tools":[{"functionDeclarations":[{"name":"get_time"}]}]}""";
        const string User = """{"role":"user","parts":[{"text":"time"}]}""";
        const string Answer =
            """{"role":"user","parts":[{"functionResponse":{"name":"get_time","response":{"result":"Noon"}}}]}""";
        var call = (await _client.CallAsync(Path, $$"""{"contents":[{{User}}]{{Tools}}""")).Json[
            "candidates"
        ]![0]!["content"]!["parts"]![0]!;
        var bare = call.DeepClone();
        bare.AsObject().Remove("thoughtSignature");

        (await BackAsync(call)).Status.ShouldBe(200);
        (await BackAsync(bare)).Text.ShouldContain("missing a thought_signature");

        Task<WireAnswer> BackAsync(JsonNode part) =>
            _client.CallAsync(
                Path,
                $$"""{"contents":[{{User}},{"role":"model","parts":[{{part.ToJsonString()}}]},{{Answer}}]{{Tools}}"""
            );
    }

    [Fact]
    public async Task Ollama_Counts_MayLack()
    {
        var last = (await StreamAsync(Ollama, "ollama-no-prompt-count")).Lines[^1];

        last["prompt_eval_count"].ShouldBeNull();
        last["eval_count"]!.GetValue<int>().ShouldBeGreaterThan(0);
        (await StreamAsync(Ollama, "no-finish")).Lines.ShouldAllBe(line =>
            !line["done"]!.GetValue<bool>()
        );
        (await StreamAsync(Ollama, "error-mid-stream")).Lines[^1]["error"]!
            .GetValue<string>()
            .ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Ollama_CallsLast_AreInTheLineThatSaysDone()
    {
        var answer = await _client.CallAsync(
            "/api/chat",
            """{"model":"fault-ollama-calls-last","messages":[{"role":"user","content":"time"}],"tools":[{"type":"function","function":{"name":"get_time"}}]}"""
        );

        var line = answer.Lines.ShouldHaveSingleItem();
        line["done"]!.GetValue<bool>().ShouldBeTrue();
        line["message"]!["tool_calls"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ollama_Cold_LoadsFirst()
    {
        await using var host = await SimulatorHost.StartAsync(
            new() { SlowPlain = TimeSpan.FromMilliseconds(50) }
        );
        using var client = new SimulatorClient(host);
        var last = (
            await new Tongue(Ollama).AskAsync(client, "fault-ollama-cold", stream: true)
        ).Lines[^1];
        var warm = (await new Tongue(Ollama).AskAsync(client, "swift", stream: true)).Lines[^1];

        last["load_duration"]!
            .GetValue<long>()
            .ShouldBeGreaterThan(1000 * warm["load_duration"]!.GetValue<long>());
    }

    [Fact]
    public async Task Responses_Failed_InEitherForm()
    {
        var plain = (await AskAsync(Responses, "responses-failed")).Json;
        var last = (await StreamAsync(Responses, "responses-failed")).Events[^1];

        plain["status"]!.GetValue<string>().ShouldBe("failed");
        last.Name.ShouldBe("response.failed");
        last.Data["response"]!["status"]!.GetValue<string>().ShouldBe("failed");
        foreach (var response in new[] { plain, last.Data["response"]! })
            response["error"]!["code"]!.GetValue<string>().ShouldBe("server_error");
    }

    [Theory]
    [InlineData("length", "max_output_tokens")]
    [InlineData("content-filter-finish", "content_filter")]
    public async Task Responses_Incomplete_SaysWhy(string fault, string reason)
    {
        var last = (await StreamAsync(Responses, fault)).Events[^1];

        last.Name.ShouldBe("response.incomplete");
        last.Data["response"]!["incomplete_details"]!["reason"]!
            .GetValue<string>()
            .ShouldBe(reason);
        (await AskAsync(Responses, fault)).Json["status"]!
            .GetValue<string>()
            .ShouldBe("incomplete");
    }

    [Fact]
    public async Task Responses_Errors_ComeInTwoForms()
    {
        var flat = (await StreamAsync(Responses, "error-mid-stream")).Events[^1];
        var nested = (await StreamAsync(Responses, "responses-nested-error")).Events[^1];

        flat.Name.ShouldBe("error");
        flat.Data["message"]!.GetValue<string>().ShouldNotBeEmpty();
        nested.Name.ShouldBe("error");
        nested.Data["error"]!["message"]!.GetValue<string>().ShouldNotBeEmpty();
        nested.Data["message"].ShouldBeNull();
    }

    [Fact]
    public async Task Responses_OddStreams()
    {
        var ids = (await StreamAsync(Responses, "responses-changing-ids"))
            .Events.Where(item => item.Data["item_id"] is not null)
            .Select(item => item.Data["item_id"]!.GetValue<string>())
            .ToList();
        ids.ShouldBeUnique();
        ids.Count.ShouldBeGreaterThan(5);
        (await StreamAsync(Responses, "no-done")).Text.ShouldNotContain("response.completed");
        (await StreamAsync(Responses, "role-only"))
            .Events.Select(item => item.Name)
            .ShouldBe(["response.created", "response.in_progress"]);
    }

    [Fact]
    public async Task TextAndTools_InEachOfThem()
    {
        var anthropic = await _client.CallAsync(
            "/v1/messages",
            """{"model":"fault-text-and-tools","max_tokens":99,"messages":[{"role":"user","content":"time"}],"tools":[{"name":"get_time"}]}""",
            ("anthropic-version", "1")
        );
        var gemini = await _client.CallAsync(
            "/v1beta/models/fault-text-and-tools:generateContent",
            """{"contents":[{"parts":[{"text":"time"}]}],"tools":[{"functionDeclarations":[{"name":"get_time"}]}]}"""
        );
        var ollama = await _client.CallAsync(
            "/api/chat",
            """{"model":"fault-text-and-tools","stream":false,"messages":[{"role":"user","content":"time"}],"tools":[{"type":"function","function":{"name":"get_time"}}]}"""
        );
        var responses = await _client.CallAsync(
            "/v1/responses",
            """{"model":"fault-text-and-tools","stream":true,"input":"time","tools":[{"type":"function","name":"get_time"}]}"""
        );

        anthropic.Json["content"]!
            .AsArray()
            .Select(block => block!["type"]!.GetValue<string>())
            .ShouldBe(["text", "tool_use"]);
        gemini.Json["candidates"]![0]!["content"]!["parts"]![0]!["text"]!
            .GetValue<string>()
            .ShouldNotBeEmpty();
        gemini.Json["candidates"]![0]!["content"]!["parts"]![1]!["functionCall"].ShouldNotBeNull();
        ollama.Json["message"]!["content"]!.GetValue<string>().ShouldNotBeEmpty();
        ollama.Json["message"]!["tool_calls"]!.AsArray().Count.ShouldBe(1);
        responses.Events[^1].Data["response"]!["output"]!
            .AsArray()
            .Select(item => item!["type"]!.GetValue<string>())
            .ShouldBe(["message", "function_call"]);
    }

    private static string Deltas(IEnumerable<WireEvent> events) =>
        string.Concat(events.Select(item => item.Data["delta"]?["text"]?.GetValue<string>()));

    private Task<WireAnswer> AskAsync(SimulatedDialect dialect, string fault) =>
        new Tongue(dialect).AskAsync(_client, "fault-" + fault, stream: false);

    private Task<WireAnswer> StreamAsync(SimulatedDialect dialect, string fault) =>
        new Tongue(dialect).AskAsync(_client, "fault-" + fault, stream: true);
}
