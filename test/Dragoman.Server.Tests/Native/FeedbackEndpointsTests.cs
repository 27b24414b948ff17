using System.Net;
using System.Text.Json;
using Dragoman.Native;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary><c>POST /api/llm/feedback</c> through the real server, and where it shows.</summary>
public sealed class FeedbackEndpointsTests : IAsyncLifetime
{
    private const string Models = """
        models:
          - { name: sage, provider: sim, model: sage, cost_per_1k_input: 0.005, cost_per_1k_output: 0.025 }
        """;

    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;
    private string _folder = null!;

    public async ValueTask InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("dragoman-").FullName;
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        _server = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Post_AThumb_IsShownWithTheRecordAndInTheList()
    {
        var id = await AskAsync();

        var reply = await GiveAsync(
            new
            {
                request_id = id,
                thumb = "up",
                comment = "genau „so“",
            }
        );

        reply.GetProperty("score").GetDouble().ShouldBe(1);
        reply.GetProperty("model").GetString().ShouldBe("sim/sage");
        reply.GetProperty("task").GetString().ShouldBe("code");
        reply.GetProperty("replaced").GetBoolean().ShouldBeFalse();
        var record = await GetAsync($"/api/llm/requests/{id}");
        record.GetProperty("feedback").GetProperty("score").GetDouble().ShouldBe(1);
        record.GetProperty("feedback").GetProperty("comment").GetString().ShouldBe("genau „so“");
        var other = await AskAsync();
        var list = (await GetAsync("/api/llm/requests"))
            .GetProperty("requests")
            .EnumerateArray()
            .ToDictionary(
                static one => one.GetProperty("id").GetString()!,
                static one => one.GetProperty("feedback")
            );
        list[id].GetProperty("score").GetDouble().ShouldBe(1);
        list[other].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Post_ASecondTime_ReplacesTheFirst()
    {
        var id = await AskAsync();
        await GiveAsync(
            new
            {
                request_id = id,
                thumb = "up",
                comment = "good",
            }
        );

        var reply = await GiveAsync(new { request_id = id, score = 0.25 });

        reply.GetProperty("replaced").GetBoolean().ShouldBeTrue();
        var feedback = (await GetAsync($"/api/llm/requests/{id}")).GetProperty("feedback");
        feedback.GetProperty("score").GetDouble().ShouldBe(0.25);
        feedback.GetProperty("comment").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Post_ThenRestarted_StillCounts()
    {
        JsonElement last = default;
        for (var i = 0; i < 3; i++)
            last = await GiveAsync(new { request_id = await AskAsync("swift"), thumb = "down" });
        var before = last.GetProperty("quality").GetProperty("score").GetDouble();
        var id = await AskAsync("swift");
        await _server.DisposeAsync();

        _server = await StartAsync();
        var after = await GiveAsync(new { request_id = id, thumb = "down" });

        // Four displeased are more than three: those of before the restart are counted too.
        after.GetProperty("quality").GetProperty("prior").GetDouble().ShouldBeGreaterThan(before);
        after.GetProperty("quality").GetProperty("score").GetDouble().ShouldBeLessThan(before);
    }

    [Fact]
    public async Task Client_GivesFeedback_AsTheGatewayDoes()
    {
        var id = await AskAsync();
        using var client = new DragomanClient(_server.Server.Address);

        var reply = await client.GiveFeedbackAsync(id, 0.8, "fine");
        var record = await client.GetRequestAsync(id);

        reply.Score.ShouldBe(0.8);
        record!.Feedback!.Score.ShouldBe(0.8);
        record.Feedback.Comment.ShouldBe("fine");
        (
            await Should.ThrowAsync<GatewayException>(() =>
                client.GiveFeedbackAsync("req_0000000000000", 1)
            )
        ).Code.ShouldBe("request_not_found");
        (
            await Should.ThrowAsync<GatewayException>(() =>
                client.GiveFeedbackAsync(id, double.NaN)
            )
        ).Param.ShouldBe("score");
    }

    [Theory]
    [InlineData("""{"request_id":"ID"}""", 400, "score", "must be said")]
    [InlineData("""{"request_id":"ID","score":1,"thumb":"up"}""", 400, "thumb", "exclude")]
    [InlineData("""{"request_id":"ID","score":1.1}""", 400, "score", "from 0 to 1")]
    [InlineData("""{"request_id":"ID","score":"1"}""", 400, "score", "from 0 to 1")]
    [InlineData("""{"request_id":"ID","thumb":"sideways"}""", 400, "thumb", "up or down")]
    [InlineData("""{"request_id":"ID","thumb":"up","comment":7}""", 400, "comment", "a text")]
    [InlineData("""{"thumb":"up"}""", 400, "request_id", "must be said")]
    [InlineData("""{"request":"ID","thumb":"up"}""", 400, "request", "request_id")]
    [InlineData(
        """{"request_id":"req_0000000000000","thumb":"up"}""",
        404,
        "request_id",
        "req_0000000000000"
    )]
    [InlineData("""{"request_id":"nonsense","thumb":"up"}""", 404, "request_id", "nonsense")]
    [InlineData("""{"request_id":"FAILED","thumb":"up"}""", 400, "request_id", "Nobody answered")]
    [InlineData("[]", 400, null, "object")]
    [InlineData("{", 400, null, "JSON")]
    public async Task Post_WhatIsWrong_IsRefusedByName(
        string body,
        int status,
        string? param,
        string told
    )
    {
        var id = await AskAsync();
        if (body.Contains("FAILED", StringComparison.Ordinal))
        {
            _simulator.SetFault("sage", "503");
            using var failed = await _server.PostAsync(
                "/api/llm/query",
                """{"prompt":"Hi","force_model":"sage"}"""
            );
            id = failed.Headers.GetValues("x-dragoman-request-id").Single();
        }
        using var answer = await _server.PostAsync(
            "/api/llm/feedback",
            body.Replace("ID", id, StringComparison.Ordinal)
                .Replace("FAILED", id, StringComparison.Ordinal)
        );

        var problem = await answer.JsonAsync();
        ((int)answer.StatusCode).ShouldBe(status, problem.ToString());
        problem.GetProperty("detail").GetString()!.ShouldContain(told);
        if (param is not null)
            problem.GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task Get_IsRefused()
    {
        using var answer = await _server.GetAsync("/api/llm/feedback");

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private async Task<string> AskAsync(string model = "sage")
    {
        var name = model == "sage" ? "sage" : "demo/" + model;
        using var answer = await _server.PostAsync(
            "/api/llm/query",
            JsonSerializer.Serialize(
                new
                {
                    prompt = "Hi",
                    force_model = name,
                    task_type = "code",
                }
            )
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.JsonAsync()).GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> GiveAsync(object feedback)
    {
        using var answer = await _server.PostAsync(
            "/api/llm/feedback",
            JsonSerializer.Serialize(feedback)
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.JsonAsync();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _server.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.JsonAsync();
    }

    private Task<ServerUnderTest> StartAsync() =>
        ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(_simulator) + "\n" + Models,
            configure: options =>
                options with
                {
                    Demo = true,
                    Environment = name => name == "DRAGOMAN_DATA" ? _folder : null,
                }
        );
}
