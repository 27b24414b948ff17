using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>OpenAI's Responses.</summary>
public sealed class ResponsesTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private const string Tools =
        ""","tools":[{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":true},{"type":"function","name":"get_time","parameters":{"type":"object","properties":{}}}]""";

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Text_Streamed_HasEveryEventInOrderAndNumbered()
    {
        var events = (
            await AskAsync("swift", more: ",\"stream\":true,\"max_output_tokens\":500")
        ).Events;

        events.ShouldAllBe(item => item.Name == item.Data["type"]!.GetValue<string>());
        events
            .Select(item => item.Data["sequence_number"]!.GetValue<int>())
            .ShouldBe(Enumerable.Range(0, events.Count));
        events
            .Select(item => item.Name!)
            .Where(name => name != "response.output_text.delta")
            .ShouldBe([
                "response.created",
                "response.in_progress",
                "response.output_item.added",
                "response.content_part.added",
                "response.output_text.done",
                "response.content_part.done",
                "response.output_item.done",
                "response.completed",
            ]);
        var text = string.Concat(
            events
                .Where(item => item.Name == "response.output_text.delta")
                .Select(item => item.Data["delta"]!.GetValue<string>())
        );
        events[^4].Data["text"]!.GetValue<string>().ShouldBe(text);
        events[^1].Data["response"]!["output"]![0]!["content"]![0]!["text"]!
            .GetValue<string>()
            .ShouldBe(text);
        events[^1].Data["response"]!["max_output_tokens"]!.GetValue<int>().ShouldBe(500);
    }

    [Fact]
    public async Task Text_PlainAndStreamed_EndInTheSameResponse()
    {
        var plain = (await AskAsync("swift")).Json;
        var streamed = (await AskAsync("swift", more: ",\"stream\":true")).Events[^1].Data[
            "response"
        ]!;

        plain["status"]!.GetValue<string>().ShouldBe("completed");
        plain["object"]!.GetValue<string>().ShouldBe("response");
        TextOf(plain).ShouldBe(TextOf(streamed));
        JsonNode.DeepEquals(plain["usage"], streamed["usage"]).ShouldBeTrue();
        plain["usage"]!["total_tokens"]!
            .GetValue<int>()
            .ShouldBe(
                plain["usage"]!["input_tokens"]!.GetValue<int>()
                    + plain["usage"]!["output_tokens"]!.GetValue<int>()
            );
    }

    [Fact]
    public async Task Reasoning_SummaryAndEncryptedContent_ComeWhereAskedFor()
    {
        var bare = (await AskAsync("sage")).Json["output"]![0]!;
        var full = (
            await AskAsync(
                "sage",
                more: ",\"store\":false,\"include\":[\"reasoning.encrypted_content\"],\"reasoning\":{\"summary\":\"auto\"}"
            )
        ).Json;
        var events = (
            await AskAsync(
                "sage",
                more: ",\"stream\":true,\"include\":[\"reasoning.encrypted_content\"],\"reasoning\":{\"summary\":\"auto\"}"
            )
        ).Events;

        bare["type"]!.GetValue<string>().ShouldBe("reasoning");
        bare["summary"]!.AsArray().Count.ShouldBe(0);
        bare["encrypted_content"].ShouldBeNull();
        var summary = full["output"]![0]!["summary"]![0]!["text"]!.GetValue<string>();
        summary.ShouldNotBeEmpty();
        var encrypted = full["output"]![0]!["encrypted_content"]!.GetValue<string>();
        full["usage"]!["output_tokens_details"]!["reasoning_tokens"]!
            .GetValue<int>()
            .ShouldBeGreaterThan(0);
        events
            .Select(item => item.Name!)
            .Where(name => name.StartsWith("response.reasoning", StringComparison.Ordinal))
            .Distinct()
            .ShouldBe([
                "response.reasoning_summary_part.added",
                "response.reasoning_summary_text.delta",
                "response.reasoning_summary_text.done",
                "response.reasoning_summary_part.done",
            ]);
        var done = events.First(item => item.Name == "response.output_item.done").Data["item"]!;
        done["encrypted_content"]!.GetValue<string>().ShouldBe(encrypted);
        done["summary"]![0]!["text"]!.GetValue<string>().ShouldBe(summary);
        events.First(item => item.Name == "response.output_item.added").Data["item"]![
            "encrypted_content"
        ]!
            .GetValue<string>()
            .ShouldNotBe(encrypted);
    }

    [Fact]
    public async Task Tools_Parallel_AreItemsOfTheirOwn()
    {
        var output = (await AskAsync("swift", "weather and time", Tools)).Json["output"]!.AsArray();
        var events = (
            await AskAsync("swift", "weather and time", Tools + ",\"stream\":true")
        ).Events;

        output
            .Select(item => item!["name"]!.GetValue<string>())
            .ShouldBe(["get_weather", "get_time"]);
        output[0]!["call_id"]!.GetValue<string>().ShouldStartWith("call_");
        output[0]!["id"]!.GetValue<string>().ShouldStartWith("fc_");
        var arguments = output[0]!["arguments"]!.GetValue<string>();
        JsonNode.Parse(arguments)!["city"].ShouldNotBeNull();
        string.Concat(
                events
                    .Where(item =>
                        item.Name == "response.function_call_arguments.delta"
                        && item.Data["output_index"]!.GetValue<int>() == 0
                    )
                    .Select(item => item.Data["delta"]!.GetValue<string>())
            )
            .ShouldBe(arguments);
        events.First(item => item.Name == "response.function_call_arguments.done").Data[
            "arguments"
        ]!
            .GetValue<string>()
            .ShouldBe(arguments);
        events[^1].Data["response"]!["output"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task PreviousResponse_GoesOnFromTheStore()
    {
        provider.Host.Reset();
        var first = (await AskAsync("swift", "weather", Tools)).Json;
        var call = first["output"]![0]!["call_id"]!.GetValue<string>();
        var id = first["id"]!.GetValue<string>();
        var result = $$"""{"type":"function_call_output","call_id":"{{call}}","output":"Sunny"}""";

        var next = await PostAsync(
            $$"""{"model":"swift","previous_response_id":"{{id}}","input":[{{result}}]{{Tools}}}"""
        );
        TextOf(next.Json).ShouldContain("The tool's result begins with: Sunny");
        next.Json["usage"]!["input_tokens"]!
            .GetValue<int>()
            .ShouldBeGreaterThan(first["usage"]!["input_tokens"]!.GetValue<int>());
        (
            await PostAsync(
                $$"""{"model":"swift","previous_response_id":"{{id}}","input":"And?"}"""
            )
        ).Text.ShouldContain("No tool output found");
        (await PostAsync($$"""{"model":"swift","input":[{{result}}]}""")).Text.ShouldContain(
            "No tool call found"
        );
        (
            await PostAsync(
                """{"model":"swift","previous_response_id":"resp_none","input":"And?"}"""
            )
        ).Json["error"]!["code"]!
            .GetValue<string>()
            .ShouldBe("previous_response_not_found");
    }

    [Fact]
    public async Task Store_GetsAndDeletes_ButNotWhatWasNotToBeKept()
    {
        var kept = (await AskAsync("swift", "Keep me")).Json;
        var path = "/v1/responses/" + kept["id"]!.GetValue<string>();
        var unkept = (await AskAsync("swift", "Forget me", ",\"store\":false")).Json;
        var streamed = (await AskAsync("swift", "Keep me too", ",\"stream\":true")).Events[^1].Data[
            "response"
        ]!;

        JsonNode.DeepEquals((await _client.CallAsync(path)).Json, kept).ShouldBeTrue();
        JsonNode
            .DeepEquals(
                (
                    await _client.CallAsync("/v1/responses/" + streamed["id"]!.GetValue<string>())
                ).Json,
                streamed
            )
            .ShouldBeTrue();
        (
            await _client.CallAsync("/v1/responses/" + unkept["id"]!.GetValue<string>())
        ).Status.ShouldBe(404);
        (await _client.SendAsync(HttpMethod.Delete, path, null)).Json["deleted"]!
            .GetValue<bool>()
            .ShouldBeTrue();
        (await _client.CallAsync(path)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Limit_Reached_IsIncomplete()
    {
        var plain = (await AskAsync("swift", "Write 100 words", ",\"max_output_tokens\":16")).Json;
        var last = (
            await AskAsync("swift", "Write 100 words", ",\"max_output_tokens\":16,\"stream\":true")
        ).Events[^1];

        plain["status"]!.GetValue<string>().ShouldBe("incomplete");
        plain["incomplete_details"]!["reason"]!.GetValue<string>().ShouldBe("max_output_tokens");
        plain["output"]![0]!["status"]!.GetValue<string>().ShouldBe("incomplete");
        last.Name.ShouldBe("response.incomplete");
        last.Data["response"]!["usage"]!["output_tokens"]!.GetValue<int>().ShouldBe(16);
        (await AskAsync("swift", more: ",\"max_output_tokens\":1")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Format_Schema_IsMet() =>
        JsonNode.Parse(
            TextOf(
                (
                    await AskAsync(
                        "swift",
                        more: ""","text":{"format":{"type":"json_schema","name":"a","schema":{"type":"object","properties":{"age":{"type":"integer"}},"required":["age"]}}}"""
                    )
                ).Json
            )
        )!["age"]!
            .GetValue<int>()
            .ShouldBeGreaterThanOrEqualTo(0);

    [Fact]
    public async Task Items_OfAllKinds_AreRead()
    {
        var answer = await PostAsync(
            """{"model":"swift","instructions":"Be brief","input":[{"role":"user","content":[{"type":"input_text","text":"Look here"},{"type":"input_image","image_url":"data:image/png;base64,AA=="}]},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"Found"}]}]}"""
        );

        TextOf(answer.Json).ShouldContain("The tool's result begins with: Found");
        TextOf(answer.Json).ShouldContain("1 image");
        provider.Host.Requests.Last[^1].Dialect.ShouldBe(SimulatedDialect.OpenAIResponses);
    }

    [Fact]
    public async Task InputTokens_AreCounted() =>
        (
            await _client.CallAsync(
                "/v1/responses/input_tokens",
                """{"model":"swift","input":"Tell me about cats"}"""
            )
        ).Json["input_tokens"]!
            .GetValue<int>()
            .ShouldBe((await AskAsync("swift")).Json["usage"]!["input_tokens"]!.GetValue<int>());

    private static string TextOf(JsonNode response) =>
        string.Concat(
            response["output"]!
                .AsArray()
                .Where(item => item!["type"]!.GetValue<string>() == "message")
                .Select(item => item!["content"]![0]!["text"]!.GetValue<string>())
        );

    private Task<WireAnswer> AskAsync(
        string model,
        string prompt = "Tell me about cats",
        string more = ""
    ) => PostAsync($$"""{"model":"{{model}}","input":"{{prompt}}"{{more}}}""");

    private Task<WireAnswer> PostAsync(string body) => _client.CallAsync("/v1/responses", body);
}
