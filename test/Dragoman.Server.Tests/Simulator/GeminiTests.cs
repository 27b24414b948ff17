using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Gemini's <c>generateContent</c> and its neighbours.</summary>
public sealed class GeminiTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private const string Tools =
        ""","tools":[{"functionDeclarations":[{"name":"get_weather","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"},"days":{"type":"INTEGER"}},"required":["city","days"]}},{"name":"get_time"}]}]""";

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Text_PlainEventsAndArray_SayTheSame()
    {
        var plain = (await AskAsync("swift")).Json;
        var events = await AskAsync("swift", method: "streamGenerateContent?alt=sse");
        var array = await AskAsync("swift", method: "streamGenerateContent");

        var text = TextOf([plain]);
        text.ShouldContain("Tell me about cats");
        plain["candidates"]![0]!["finishReason"]!.GetValue<string>().ShouldBe("STOP");
        events.Text.ShouldContain("}\r\n\r\n");
        events.Text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain("\n");
        var chunks = events.Events.Select(item => item.Data).ToList();
        TextOf(chunks).ShouldBe(text);
        array.MediaType.ShouldBe("application/json");
        TextOf(array.Json.AsArray()!).ShouldBe(text);
        array.Json.AsArray().Count.ShouldBe(chunks.Count);
        chunks[0]["candidates"]![0]!["finishReason"].ShouldBeNull();
        chunks[0]["usageMetadata"]!["candidatesTokenCount"].ShouldBeNull();
        chunks[^1]["candidates"]![0]!["finishReason"]!.GetValue<string>().ShouldBe("STOP");
        JsonNode.DeepEquals(chunks[^1]["usageMetadata"], plain["usageMetadata"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Thoughts_AreCountedApartAndShownWhereAskedFor()
    {
        var hidden = (await AskAsync("sage")).Json;
        var shown = (
            await AskAsync(
                "sage",
                more: ""","generationConfig":{"thinkingConfig":{"includeThoughts":true}}"""
            )
        ).Json;
        var off = (
            await AskAsync(
                "sage",
                more: ""","generationConfig":{"thinkingConfig":{"thinkingBudget":0}}"""
            )
        ).Json;

        var usage = hidden["usageMetadata"]!;
        Number(usage, "thoughtsTokenCount").ShouldBeGreaterThan(0);
        Number(usage, "totalTokenCount")
            .ShouldBe(
                Number(usage, "promptTokenCount")
                    + Number(usage, "candidatesTokenCount")
                    + Number(usage, "thoughtsTokenCount")
            );
        Parts(hidden).Count.ShouldBe(1);
        Parts(shown)[0]!["thought"]!.GetValue<bool>().ShouldBeTrue();
        Parts(shown)[1]!["thoughtSignature"]!.GetValue<string>().ShouldNotBeEmpty();
        off["usageMetadata"]!["thoughtsTokenCount"].ShouldBeNull();
    }

    [Fact]
    public async Task Tools_Parallel_FirstIsSignedAndNoneHasAnId()
    {
        var parts = Parts((await AskAsync("swift", "weather and time", Tools)).Json);
        var chunks = (
            await AskAsync("swift", "weather and time", Tools, "streamGenerateContent?alt=sse")
        ).Events;

        parts.Count.ShouldBe(2);
        parts[0]!["functionCall"]!["args"]!["days"]!
            .GetValue<int>()
            .ShouldBeGreaterThanOrEqualTo(0);
        parts[0]!["functionCall"]!["id"].ShouldBeNull();
        parts[0]!["thoughtSignature"]!.GetValue<string>().ShouldNotBeEmpty();
        parts[1]!["thoughtSignature"].ShouldBeNull();
        parts[1]!["functionCall"]!["args"]!.AsObject().Count.ShouldBe(0);
        JsonNode.DeepEquals(Parts(chunks[0].Data)[0], parts[0]).ShouldBeTrue();
        chunks[^1].Data["candidates"]![0]!["finishReason"]!.GetValue<string>().ShouldBe("STOP");
    }

    [Theory]
    [InlineData("""{"mode":"ANY","allowedFunctionNames":["get_time"]}""", "get_time")]
    [InlineData("""{"mode":"ANY"}""", "get_weather")]
    [InlineData("""{"mode":"NONE"}""", null)]
    public async Task FunctionCalling_Mode_IsKept(string config, string? name) =>
        Parts(
            (
                await AskAsync(
                    "swift",
                    more: Tools + ""","toolConfig":{"functionCallingConfig":""" + config + "}"
                )
            ).Json
        )[0]!
            ["functionCall"]
            ?["name"]!.GetValue<string>()
            .ShouldBe(name);

    [Fact]
    public async Task FunctionResponse_IsAnsweredAndMustMatchTheCalls()
    {
        const string Call =
            """{"role":"model","parts":[{"functionCall":{"name":"get_time","args":{}}}]}""";
        const string Response =
            """{"role":"user","parts":[{"functionResponse":{"name":"get_time","response":{"result":"Noon"}}}]}""";
        const string User = """{"role":"user","parts":[{"text":"What time?"}]}""";

        TextOf([(await AskAsync("swift", contents: $"{User},{Call},{Response}")).Json])
            .ShouldContain("The tool's result begins with: Noon");
        (await AskAsync("swift", contents: $"{User},{Call},{User}")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Config_CandidatesLimitStopsAndSchema_AreKept()
    {
        var several = (
            await AskAsync("swift", more: ""","generationConfig":{"candidateCount":2}""")
        ).Json;
        var cut = (
            await AskAsync("swift", more: ""","generation_config":{"max_output_tokens":3}""")
        ).Json;
        var stopped = (
            await AskAsync("swift", more: ""","generationConfig":{"stopSequences":["answer"]}""")
        ).Json;
        var shaped = (
            await AskAsync(
                "swift",
                more: ""","generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"age":{"type":"INTEGER"}},"required":["age"]}}"""
            )
        ).Json;

        several["candidates"]!
            .AsArray()
            .Select(item => item!["index"]!.GetValue<int>())
            .ShouldBe([0, 1]);
        cut["candidates"]![0]!["finishReason"]!.GetValue<string>().ShouldBe("MAX_TOKENS");
        Number(cut["usageMetadata"]!, "candidatesTokenCount").ShouldBe(3);
        TextOf([stopped]).ShouldBe("This is a simulated ");
        JsonNode.Parse(TextOf([shaped]))!["age"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task CountTokens_IsWhatTheAnswerCounts()
    {
        var plain = (await AskAsync("swift")).Json["usageMetadata"]!;
        var counted = (await AskAsync("swift", method: "countTokens")).Json;

        Number(counted, "totalTokens").ShouldBe(Number(plain, "promptTokenCount"));
    }

    [Fact]
    public async Task Embeddings_OneAndMany_AgreeWithOpenAIs()
    {
        var one = await PostAsync(
            "embed:embedContent",
            """{"content":{"parts":[{"text":"cats"}]},"outputDimensionality":16}"""
        );
        var many = await PostAsync(
            "embed:batchEmbedContents",
            """{"requests":[{"content":{"parts":[{"text":"dogs"}]}},{"content":{"parts":[{"text":"cats"}]},"outputDimensionality":16}]}"""
        );
        using var openAI = await _client.PostAsync(
            "/embeddings",
            """{"model":"embed","input":"cats","dimensions":16}"""
        );
        var expected = JsonNode.Parse(await openAI.Content.ReadAsStringAsync())!["data"]![0]![
            "embedding"
        ];

        JsonNode.DeepEquals(one.Json["embedding"]!["values"], expected).ShouldBeTrue();
        JsonNode.DeepEquals(many.Json["embeddings"]![1]!["values"], expected).ShouldBeTrue();
        many.Json["embeddings"]![0]!["values"]!.AsArray().Count.ShouldBe(256);
    }

    [Fact]
    public async Task Models_Pages_HoldThemAll()
    {
        var names = new List<string>();
        var token = "";
        do
        {
            var page = (await _client.CallAsync("/v1beta/models?pageSize=20" + token)).Json;
            names.AddRange(
                page["models"]!.AsArray().Select(model => model!["name"]!.GetValue<string>())
            );
            token = page["nextPageToken"] is { } next
                ? "&pageToken=" + next.GetValue<string>()
                : "";
        } while (token.Length > 0);
        var first = await _client.CallAsync("/v1beta/models");

        names.ShouldBe(
            provider.Host.ModelsIn(SimulatedDialect.Gemini).Select(name => "models/" + name)
        );
        first.Json["models"]!.AsArray().Count.ShouldBe(50);
        (await _client.CallAsync("/v1beta/models/embed")).Json["supportedGenerationMethods"]![0]!
            .GetValue<string>()
            .ShouldBe("embedContent");
        (await _client.CallAsync("/v1beta/models/nobody")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Keys_Wanted_ComeThreeWaysAndABadOneIsABadRequest()
    {
        await using var host = await SimulatorHost.StartAsync(new() { ApiKeys = ["good"] });
        using var client = new SimulatorClient(host);
        const string Path = "/v1beta/models/swift:generateContent";
        const string Body = """{"contents":[{"parts":[{"text":"Hello"}]}]}""";

        (await client.CallAsync(Path, Body, ("x-goog-api-key", "good"))).Status.ShouldBe(200);
        (await client.CallAsync(Path + "?key=good", Body)).Status.ShouldBe(200);
        (await client.CallAsync(Path, Body, ("Authorization", "Bearer good"))).Status.ShouldBe(200);
        (await client.CallAsync(Path, Body)).Status.ShouldBe(403);
        var bad = await client.CallAsync(Path, Body, ("x-goog-api-key", "bad"));
        bad.Status.ShouldBe(400);
        bad.Json["error"]!["details"]![0]!["reason"]!
            .GetValue<string>()
            .ShouldBe("API_KEY_INVALID");
        host.Requests.CountOf("swift").ShouldBe(3);
        host.Requests.Last[1].ApiKey.ShouldBe("good");
        host.Requests.Last[1].Dialect.ShouldBe(SimulatedDialect.Gemini);
    }

    [Theory]
    [InlineData("generateContent", false)]
    [InlineData("streamGenerateContent", true)]
    public async Task Mistake_IsToldInShape_WithinAnArrayWhereOneIsStreamed(
        string method,
        bool array
    )
    {
        var answer = await PostAsync("swift:" + method, """{"contents":[]}""");
        var error = (array ? answer.Json[0] : answer.Json)!["error"]!;

        answer.Status.ShouldBe(400);
        error["status"]!.GetValue<string>().ShouldBe("INVALID_ARGUMENT");
        error["code"]!.GetValue<int>().ShouldBe(400);
        (await PostAsync("nobody:generateContent", "{}")).Json["error"]!["status"]!
            .GetValue<string>()
            .ShouldBe("NOT_FOUND");
    }

    private static int Number(JsonNode node, string name) => node[name]!.GetValue<int>();

    private static JsonArray Parts(JsonNode answer) =>
        answer["candidates"]![0]!["content"]!["parts"]!.AsArray();

    private static string TextOf(IEnumerable<JsonNode> answers) =>
        string.Concat(
            answers
                .SelectMany(answer => Parts(answer))
                .Select(part => part!["text"]!.GetValue<string>())
        );

    private Task<WireAnswer> AskAsync(
        string model,
        string prompt = "Tell me about cats",
        string more = "",
        string method = "generateContent",
        string? contents = null
    ) =>
        PostAsync(
            $"{model}:{method}",
            $$"""{"contents":[{{contents ?? $$"""{"role":"user","parts":[{"text":"{{prompt}}"}]}"""}}]{{more}}}"""
        );

    private Task<WireAnswer> PostAsync(string method, string body) =>
        _client.CallAsync("/v1beta/models/" + method, body);
}
