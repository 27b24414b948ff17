using System.Text.Json.Nodes;
using Dragoman.Simulator.Chat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Prompts that prescribe what is answered.</summary>
public sealed class PromptScriptTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private const string Prompt =
        """Do it.\n[[call write {\"path\":\"a.txt\",\"lines\":[[1]]}]] [[call read {\"path\":\"b\"}]]\n[[call read {\"path\":\"a.txt\"}]]\n[[say All done.]]""";

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public void After_ResultsOfATurn_TheNextComes()
    {
        var script = PromptScript.Of(
            "x [[call a {}]] y [[call b {\"c\":\"]]\"}]]\n\n[[call a {\"n\":1}]][[say Bye]]"
        );

        script.After(0).Select(order => order.Name).ShouldBe(["a", "b"]);
        script.After(0)[1].Arguments.ShouldBe("{\"c\":\"]]\"}");
        script.After(2).ShouldHaveSingleItem().Arguments.ShouldBe("{\"n\":1}");
        script.After(3).ShouldBeEmpty();
        script.Words.ShouldBe("Bye");
    }

    [Theory]
    [InlineData("[[call a]]")]
    [InlineData("[[call a {]]")]
    [InlineData("[[call a {} ]")]
    [InlineData("[[say never ends")]
    [InlineData("[[call ")]
    public void Of_BrokenMarks_PrescribesNothing(string prompt)
    {
        var script = PromptScript.Of(prompt);

        script.After(0).ShouldBeEmpty();
        script.Words.ShouldBeNull();
    }

    [Fact]
    public async Task OpenAI_TurnByTurn()
    {
        const string Tools =
            ""","tools":[{"type":"function","function":{"name":"read"}},{"type":"function","function":{"name":"write"}}]}""";
        var messages = $$"""{"role":"user","content":"{{Prompt}}"}""";
        var names = new List<string>();
        for (var turn = 0; turn < 2; turn++)
        {
            var message = (await AskAsync())["choices"]![0]!["message"]!;
            messages += "," + message.ToJsonString();
            foreach (var call in message["tool_calls"]!.AsArray())
            {
                names.Add(
                    call!["function"]!["name"]!.GetValue<string>()
                        + call["function"]!["arguments"]!.GetValue<string>()
                );
                messages += $$""",{"role":"tool","tool_call_id":"{{call["id"]}}","content":"ok"}""";
            }
            // As agents do between a tool's result and the answer.
            messages += """,{"role":"user","content":"A reminder."}""";
        }

        names.ShouldBe([
            "write{\"path\":\"a.txt\",\"lines\":[[1]]}",
            "read{\"path\":\"b\"}",
            "read{\"path\":\"a.txt\"}",
        ]);
        (await AskAsync())["choices"]![0]!["message"]!["content"]!
            .GetValue<string>()
            .ShouldBe("All done.");
        messages +=
            """,{"role":"assistant","content":"All done."},{"role":"user","content":"And now?"}""";
        (await AskAsync())["choices"]![0]!["message"]!["content"]!
            .GetValue<string>()
            .ShouldContain("And now?");

        async Task<JsonNode> AskAsync() =>
            (
                await _client.CallAsync(
                    "/v1/chat/completions",
                    $$"""{"model":"swift","messages":[{{messages}}]{{Tools}}"""
                )
            ).Json;
    }

    [Fact]
    public async Task Anthropic_ResultsInOneMessage_AreCountedEach()
    {
        var answer = await _client.CallAsync(
            "/v1/messages",
            $$$"""{"model":"swift","max_tokens":99,"tools":[{"name":"read"},{"name":"write"}],"messages":[{"role":"user","content":"{{{Prompt}}}"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"write","input":{}},{"type":"tool_use","id":"b","name":"read","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"ok"},{"type":"tool_result","tool_use_id":"b","content":"ok"}]}]}""",
            ("anthropic-version", "2023-06-01")
        );

        answer.Json["content"]![0]!["input"]!["path"]!.GetValue<string>().ShouldBe("a.txt");
    }

    [Fact]
    public async Task Responses_PreviousResponse_CarriesTheScript()
    {
        const string Tools =
            ""","tools":[{"type":"function","name":"read"},{"type":"function","name":"write"}]}""";
        var first = (
            await _client.CallAsync(
                "/v1/responses",
                $$"""{"model":"swift","input":"{{Prompt}}"{{Tools}}"""
            )
        ).Json;
        var results = string.Join(
            ',',
            first["output"]!
                .AsArray()
                .Select(item =>
                    $$"""{"type":"function_call_output","call_id":"{{item!["call_id"]}}","output":"ok"}"""
                )
        );
        var next = (
            await _client.CallAsync(
                "/v1/responses",
                $$"""{"model":"swift","previous_response_id":"{{first["id"]}}","input":[{{results}}]{{Tools}}"""
            )
        ).Json;

        next["output"]![0]!["arguments"]!.GetValue<string>().ShouldBe("""{"path":"a.txt"}""");
    }

    [Fact]
    public async Task Tools_NotOffered_AreNotCalled() =>
        (
            await _client.CallAsync(
                "/v1/chat/completions",
                $$"""{"model":"swift","messages":[{"role":"user","content":"{{Prompt}}"}]}"""
            )
        ).Json["choices"]![0]!["message"]!["content"]!
            .GetValue<string>()
            .ShouldBe("All done.");
}
