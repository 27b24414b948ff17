using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Azure OpenAI's deployments.</summary>
public sealed class AzureTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private const string Body =
        """{"messages":[{"role":"user","content":"Tell me about cats"}],"stream_options":{"include_usage":true},"stream":""";

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Plain_IsOpenAIsWithVerdicts()
    {
        var json = (await AskAsync("swift", stream: false)).Json;
        var openAI = await _client.AnswerAsync("swift");

        json["choices"]![0]!["message"]!["content"]!
            .GetValue<string>()
            .ShouldBe(openAI["choices"]![0]!["message"]!["content"]!.GetValue<string>());
        json["prompt_filter_results"]![0]!["content_filter_results"]!["hate"]!["severity"]!
            .GetValue<string>()
            .ShouldBe("safe");
        json["choices"]![0]!["content_filter_results"]!["violence"]!["filtered"]!
            .GetValue<bool>()
            .ShouldBeFalse();
    }

    [Fact]
    public async Task Stream_BeginsWithTheVerdictOnThePrompt()
    {
        var stream = await AskAsync("swift", stream: true);
        var chunks = SimulatorClient.Chunks(stream.Text);

        chunks[0]["id"]!.GetValue<string>().ShouldBeEmpty();
        chunks[0]["model"]!.GetValue<string>().ShouldBeEmpty();
        chunks[0]["choices"]!.AsArray().Count.ShouldBe(0);
        chunks[0]["prompt_filter_results"]!.AsArray().Count.ShouldBe(1);
        chunks[1]["choices"]![0]!["delta"]!["role"]!.GetValue<string>().ShouldBe("assistant");
        chunks[2]["choices"]![0]!["content_filter_results"]!["hate"].ShouldNotBeNull();
        chunks[^1]["usage"]!["total_tokens"]!.GetValue<int>().ShouldBeGreaterThan(0);
        stream.Text.ShouldEndWith("data: [DONE]\n\n");
        SimulatorClient.Joined(chunks).ShouldContain("Tell me about cats");
    }

    [Fact]
    public async Task LateFilter_ComesInAChoiceWithoutADelta()
    {
        var chunks = SimulatorClient.Chunks(
            (await AskAsync("fault-azure-late-filter", stream: true)).Text
        );

        var late = chunks.Single(chunk =>
            chunk["choices"]!.AsArray().Count > 0 && chunk["choices"]![0]!["delta"] is null
        );
        late["choices"]![0]!["content_filter_offsets"]!["end_offset"]!
            .GetValue<int>()
            .ShouldBe(SimulatorClient.Joined(chunks).Length);
    }

    [Theory]
    [InlineData("401", 401, "401")]
    [InlineData("429", 429, "429")]
    [InlineData("404", 404, "DeploymentNotFound")]
    [InlineData("filter", 400, "content_filter")]
    [InlineData("context", 400, "context_length_exceeded")]
    public async Task Errors_HaveTheirOwnCodes(string fault, int status, string code)
    {
        var answer = await AskAsync("fault-" + fault, stream: false);

        answer.Status.ShouldBe(status);
        answer.Json["error"]!["code"]!.GetValue<string>().ShouldBe(code);
        (answer.Json["error"]!["innererror"] is not null).ShouldBe(fault == "filter");
    }

    [Fact]
    public async Task Key_ComesInItsOwnHeaderAndVersionIsWanted()
    {
        await using var host = await SimulatorHost.StartAsync(new() { ApiKeys = ["good"] });
        using var client = new SimulatorClient(host);
        const string Path = "/openai/deployments/swift/chat/completions";

        (
            await client.CallAsync(
                Path + "?api-version=2024-10-21",
                Body + "false}",
                ("api-key", "good")
            )
        ).Status.ShouldBe(200);
        (
            await client.CallAsync(
                Path + "?api-version=2024-10-21",
                Body + "false}",
                ("api-key", "bad")
            )
        ).Json["error"]!["code"]!
            .GetValue<string>()
            .ShouldBe("401");
        (await client.CallAsync(Path, Body + "false}", ("api-key", "good"))).Status.ShouldBe(404);
        host.Requests.Last[0].Model.ShouldBe("swift");
        host.Requests.Last[0].ApiKey.ShouldBe("good");
        host.Requests.Last[0].Dialect.ShouldBe(SimulatedDialect.AzureOpenAI);
    }

    [Fact]
    public async Task Embeddings_AreTheSame()
    {
        var azure = await _client.CallAsync(
            "/openai/deployments/embed/embeddings?api-version=2024-10-21",
            """{"input":"cats"}"""
        );
        using var openAI = await _client.PostAsync(
            "/embeddings",
            """{"model":"embed","input":"cats"}"""
        );

        JsonNode
            .DeepEquals(azure.Json, JsonNode.Parse(await openAI.Content.ReadAsStringAsync()))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task NewerAddresses_TakeTheModelFromTheBody()
    {
        (
            await _client.CallAsync(
                "/openai/v1/chat/completions",
                "{\"model\":\"swift\"," + Body[1..] + "false}"
            )
        )
            .Json["prompt_filter_results"]
            .ShouldNotBeNull();
        (
            await _client.CallAsync("/openai/v1/responses", """{"model":"swift","input":"Hello"}""")
        ).Json["object"]!
            .GetValue<string>()
            .ShouldBe("response");
    }

    private Task<WireAnswer> AskAsync(string model, bool stream) =>
        _client.CallAsync(
            $"/openai/deployments/{model}/chat/completions?api-version=2024-10-21",
            Body + (stream ? "true}" : "false}")
        );
}
