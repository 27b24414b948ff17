using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Inference;

/// <summary>The addresses of Google's dialect, as its clients call them, before a provider of the same dialect, of OpenAI's, and Vertex AI.</summary>
public sealed class GeminiEndpointTests : IAsyncLifetime
{
    private const string Body =
        """{"contents":[{"role":"user","parts":[{"text":"[[say Hi you]]"}]}]}""";

    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        using var rsa = RSA.Create(2048);
        _simulator = await SimulatorHost.StartAsync(
            new()
            {
                ServiceAccountKey = rsa.ExportSubjectPublicKeyInfoPem(),
                MoreModels = ["claude-swift"],
            }
        );
        var account = JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["type"] = "service_account",
                ["project_id"] = "p1",
                ["client_email"] = "robot@p1.example",
                ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
                ["token_uri"] = _simulator.RootUrl + "/token",
            }
        );
        _server = await ServerUnderTest.StartAsync(
            config: $$"""
            providers:
              g: { dialect: gemini, base_url: "{{_simulator.RootUrl}}/v1beta" }
              o: { dialect: openai, base_url: "{{_simulator.BaseUrl}}" }
              v: { type: vertex, base_url: "{{_simulator.RootUrl}}/v1", location: europe-west4, credentials: {{JsonSerializer.Serialize(
                account
            )}} }
            aliases: { mine: g/swift, vectors: g/embed }
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1beta/models/g/swift:generateContent")]
    [InlineData("/v1beta/models/g%2Fswift:generateContent")]
    [InlineData("/v1beta/g/swift:generateContent")]
    [InlineData("/v1beta/models/o/swift:generateContent")]
    [InlineData("/v1beta/models/mine:generateContent")]
    [InlineData("/v1/models/o/swift:generateContent")]
    public async Task Generate_ByAnyName_IsAnswered(string path)
    {
        using var answer = await _server.PostAsync(path, Body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        TextOf(await answer.JsonAsync()).ShouldBe("Hi you");
    }

    [Fact]
    public async Task Generate_ABodyThatNamesTheModelToo_GoesWithoutIt()
    {
        using var answer = await _server.PostAsync(
            "/v1beta/models/mine:generateContent",
            "{\"model\":\"models/mine\"," + Body[1..]
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = _simulator.Requests.Last[^1];
        sent.Path.ShouldBe("/v1beta/models/swift:generateContent");
        sent.BodyText.ShouldBe(Body);
    }

    [Theory]
    [InlineData("g/swift")]
    [InlineData("o/swift")]
    public async Task Stream_WithAltSse_IsEvents_WithoutItOneList(string model)
    {
        using var events = await _server.StreamAsync(
            $"/v1beta/models/{model}:streamGenerateContent?alt=sse",
            Body
        );
        events.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var chunks = (await events.Content.ReadAsStringAsync())
            .Split(["\r\n\r\n", "\n\n"], StringSplitOptions.RemoveEmptyEntries)
            .Select(static one => JsonDocument.Parse(one.Trim()["data:".Length..]).RootElement)
            .ToList();
        string.Concat(chunks.Select(TextOf)).ShouldBe("Hi you");
        Finish(chunks[^1]).ShouldBe("STOP");

        using var list = await _server.StreamAsync(
            $"/v1beta/models/{model}:streamGenerateContent",
            Body
        );
        list.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var items = (await list.JsonAsync()).EnumerateArray().ToList();
        string.Concat(items.Select(TextOf)).ShouldBe("Hi you");
        Finish(items[^1]).ShouldBe("STOP");
        items[^1]
            .GetProperty("usageMetadata")
            .GetProperty("promptTokenCount")
            .GetInt32()
            .ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("g/swift")]
    [InlineData("o/swift")]
    public async Task CountTokens_OfAnyModel_IsANumber(string model)
    {
        using var answer = await _server.PostAsync($"/v1beta/models/{model}:countTokens", Body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await answer.JsonAsync()).GetProperty("totalTokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("vectors")]
    [InlineData("g/embed")]
    [InlineData("o/embed")]
    public async Task Embed_OneAndSeveral_AreAnsweredInTheirOwnShapes(string model)
    {
        using var one = await _server.PostAsync(
            $"/v1beta/models/{model}:embedContent",
            """{"model":"models/any","content":{"parts":[{"text":"a"}]},"taskType":"RETRIEVAL_QUERY","outputDimensionality":8}"""
        );
        one.StatusCode.ShouldBe(HttpStatusCode.OK, await one.Content.ReadAsStringAsync());
        var values = (await one.JsonAsync()).GetProperty("embedding").GetProperty("values");
        values.GetArrayLength().ShouldBe(8);

        using var two = await _server.PostAsync(
            $"/v1beta/models/{model}:batchEmbedContents",
            """{"requests":[{"model":"models/any","content":{"parts":[{"text":"a"}]},"outputDimensionality":8},{"model":"models/any","content":{"parts":[{"text":"b"}]},"outputDimensionality":8}]}"""
        );
        two.StatusCode.ShouldBe(HttpStatusCode.OK, await two.Content.ReadAsStringAsync());
        var both = (await two.JsonAsync()).GetProperty("embeddings");
        both.GetArrayLength().ShouldBe(2);
        both[0]
            .GetProperty("values")
            .GetRawText()
            .ShouldNotBe(both[1].GetProperty("values").GetRawText());
    }

    [Fact]
    public async Task Embed_FromOpenAIsClient_IsInItsEncoding()
    {
        using var answer = await _server.PostAsync(
            "/v1/embeddings",
            """{"model":"g/embed","input":["a","b"],"encoding_format":"base64","dimensions":8}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var data = (await answer.JsonAsync()).GetProperty("data");
        data.GetArrayLength().ShouldBe(2);
        Convert.FromBase64String(data[1].GetProperty("embedding").GetString()!).Length.ShouldBe(32);
    }

    [Fact]
    public async Task Models_ListedByPages_AreThoseThatCanBeCalled()
    {
        var names = new List<string>();
        var token = "";
        do
        {
            using var answer = await _server.GetAsync("/v1beta/models?pageSize=3" + token);
            var page = await answer.JsonAsync();
            page.GetProperty("models").GetArrayLength().ShouldBeLessThanOrEqualTo(3);
            names.AddRange(
                page.GetProperty("models")
                    .EnumerateArray()
                    .Select(static model => model.GetProperty("name").GetString()!)
            );
            token = page.TryGetProperty("nextPageToken", out var next)
                ? "&pageToken=" + next.GetString()
                : "";
        } while (token.Length > 0);

        names.ShouldContain("models/mine");
        names.ShouldBeUnique();
        using var one = await _server.GetAsync("/v1beta/models/mine");
        (await one.JsonAsync()).GetProperty("name").GetString().ShouldBe("models/mine");
    }

    [Theory]
    [InlineData("GET", "/v1beta/models/nobody-knows-it", 404, "NOT_FOUND")]
    [InlineData("POST", "/v1beta/models/g/swift:explode", 404, "NOT_FOUND")]
    [InlineData("POST", "/v1beta/nothing", 404, "NOT_FOUND")]
    [InlineData("POST", "/v1beta/models/nobody-knows-it:generateContent", 404, "NOT_FOUND")]
    [InlineData("POST", "/v1beta/models/g/fault-400:generateContent", 400, "INVALID_ARGUMENT")]
    [InlineData("POST", "/v1beta/models/o/fault-429:generateContent", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("POST", "/v1beta/models/o/fault-context:generateContent", 400, "INVALID_ARGUMENT")]
    public async Task Errors_AreInGooglesShape(string method, string path, int code, string status)
    {
        using var answer = await _server.SendAsync(
            new HttpMethod(method),
            path,
            method == "POST" ? new StringContent(Body, null, ServerUnderTest.Json) : null
        );

        ((int)answer.StatusCode).ShouldBe(code);
        var error = (await answer.JsonAsync()).GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(code);
        error.GetProperty("status").GetString().ShouldBe(status);
    }

    [Fact]
    public async Task Errors_OfABody_NameTheField()
    {
        using var answer = await _server.PostAsync(
            "/v1beta/models/o/swift:generateContent",
            """{"contents":[{"role":"user","parts":[{"text":5}]}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync())
            .GetProperty("error")
            .GetProperty("details")[0]
            .GetProperty("fieldViolations")[0]
            .GetProperty("field")
            .GetString()
            .ShouldBe("contents[0].parts[0].text");
    }

    [Theory]
    [InlineData("/v1beta/models/v/swift:generateContent")]
    [InlineData("/v1beta/models/v/claude-swift:generateContent")]
    public async Task Vertex_GeminiAndClaude_AnswerWithATokenOfTheirs_AndWithAnotherOnceItIsRevoked(
        string path
    )
    {
        for (var round = 0; round < 3; round++)
        {
            if (round == 2)
                _simulator.RevokeTokens();
            using var answer = await _server.PostAsync(path, Body);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }

        _simulator.Requests.CountOf("token").ShouldBe(2);
        _simulator
            .Requests.Last[^1]
            .Path.ShouldStartWith("/v1/projects/p1/locations/europe-west4/");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABlockedPrompt_IsFeedbackToGooglesClients_AndAFilteredAnswerToOthers(
        bool stream
    )
    {
        using var own = await _server.PostAsync(
            "/v1beta/models/g/fault-gemini-prompt-blocked:"
                + (stream ? "streamGenerateContent?alt=sse" : "generateContent"),
            Body
        );
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        var told = await own.Content.ReadAsStringAsync();
        told.ShouldContain("blockReason");
        told.ShouldNotContain("candidates");

        using var other = await _server.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"g/fault-gemini-prompt-blocked","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"x"}]}"""
        );
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await other.Content.ReadAsStringAsync()).ShouldContain(
            "\"finish_reason\":\"content_filter\""
        );
    }

    [Fact]
    public async Task ABadKeyOfOurs_IsNotTheClientsBadRequest()
    {
        using var answer = await _server.PostAsync(
            "/v1beta/models/g/fault-gemini-bad-key:generateContent",
            Body
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("upstream_authentication");
    }

    private static string TextOf(JsonElement answer) =>
        answer.TryGetProperty("candidates", out var candidates)
        && candidates[0].TryGetProperty("content", out var content)
        && content.TryGetProperty("parts", out var parts)
            ? string.Concat(
                parts
                    .EnumerateArray()
                    .Select(static part =>
                        part.TryGetProperty("text", out var text) ? text.GetString() : ""
                    )
            )
            : "";

    private static string? Finish(JsonElement answer) =>
        answer.GetProperty("candidates")[0].GetProperty("finishReason").GetString();
}
