using System.Net;
using System.Text.Json;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

public sealed class ExchangeTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Hello =
        "{\"model\":\"sim/swift\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    [Fact]
    public async Task Chat_OverHttp_IsAnsweredAndRecorded()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );

        using var answer = await server.PostAsync(Chat, Hello);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var id = answer.Headers.GetValues("x-dragoman-request-id").Single();
        answer.Headers.GetValues("x-request-id").Single().ShouldBe(id);
        answer.Headers.GetValues("x-dragoman-model").Single().ShouldBe("sim/swift");
        using var found = await server.GetAsync("/api/llm/requests/" + id);
        var record = await found.JsonAsync();
        record.GetProperty("id").GetString().ShouldBe(id);
        record.GetProperty("outcome").GetString().ShouldBe("succeeded");
        record.GetProperty("attempts").GetArrayLength().ShouldBe(1);
        record.GetProperty("usage").GetProperty("input").GetInt64().ShouldBePositive();
    }

    [Theory]
    [InlineData("fault-cut")]
    [InlineData("fault-cut-clean")]
    [InlineData("fault-error-mid-stream")]
    [InlineData("fault-error-after-finish")]
    public async Task Chat_BrokenStream_TellsTheErrorAndLeavesTheBodyWithoutItsEnd(string model)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );

        using var answer = await server.StreamAsync(
            Chat,
            Hello.Replace("swift", model).Replace("{\"model\"", "{\"stream\":true,\"model\"")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var seen = new MemoryStream();
        var broken = await Should.ThrowAsync<HttpIOException>(async () =>
            await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(seen)
        );
        broken.HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
        var text = System.Text.Encoding.UTF8.GetString(seen.ToArray());
        text.ShouldContain("\ndata: {\"error\":{\"message\":");
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task Records_Listed_ComeNewestFirstAPageAtATime()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await server.PostAsync(Chat, Hello);
            ids.Add(answer.Headers.GetValues("x-dragoman-request-id").Single());
            (await server.GetAsync("/api/llm/requests/" + ids[^1])).Dispose();
        }

        var first = await (await server.GetAsync("/api/llm/requests?limit=2")).JsonAsync();
        var next = first.GetProperty("next_before").GetString();
        var second = await (
            await server.GetAsync($"/api/llm/requests?limit=2&before={next}")
        ).JsonAsync();

        Ids(first).ShouldBe([ids[2], ids[1]]);
        Ids(second).ShouldBe([ids[0]]);
        second.TryGetProperty("next_before", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=many")]
    [InlineData("before=yesterday")]
    public async Task Records_ListedWithNonsense_Answer400(string query)
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync("/api/llm/requests?" + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Upstream_SeesItsOwnKeyAndNeitherTheClientsNorItsAddress()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(
            key: "dk-client",
            config: ServerUnderTest.ConfigOf(simulator)
        );

        using var answer = await server.PostAsync(
            Chat + "?key=dk-client",
            Hello,
            ("x-api-key", "dk-client"),
            ("Cookie", "session=1"),
            ("X-Title", "My app")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var request = simulator.Requests.Last.ShouldHaveSingleItem();
        request.Headers["Authorization"].ShouldBe("Bearer sk-upstream");
        request.Headers["X-Title"].ShouldBe("My app");
        request.Headers.Keys.ShouldNotContain("Cookie");
        request.Headers.Keys.ShouldNotContain("x-api-key");
        request.Headers.Values.ShouldNotContain(static value => value.Contains("dk-client"));
        request.Path.ShouldNotContain("dk-client");
    }

    [Fact]
    public async Task Instance_InTheRequest_IsRefusedAsALoopAndOthersAreKept()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );
        using var first = await server.PostAsync(Chat, Hello, ("x-dragoman-instance", "before-us"));
        var marks = simulator.Requests.Last.Single().Headers["x-dragoman-instance"];

        using var second = await server.PostAsync(Chat, Hello, ("x-dragoman-instance", marks));

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        marks.ShouldContain("before-us");
        ((int)second.StatusCode).ShouldBe(508);
        (await second.ErrorCodeAsync()).ShouldBe("loop_detected");
    }

    [Fact]
    public async Task Provider_ThatIsThisServer_StopsTheStart()
    {
        var port = FreePort.Take();

        var refusal = await Should.ThrowAsync<ServerStartException>(() =>
            ServerUnderTest.StartAsync(
                config: $"providers: {{ self: {{ dialect: openai, base_url: \"http://127.0.0.1:{port}/v1\" }} }}",
                configure: options => options with { Host = "127.0.0.1", Port = port }
            )
        );

        refusal.Message.ShouldContain("leads back to this server");
    }

    [Fact]
    public async Task Models_Demo_ListsThemAndFindsOneByItsEscapedName()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
            options with
            {
                Demo = true,
            }
        );

        var list = await (await server.GetAsync("/v1/models")).JsonAsync();
        var one = await (await server.GetAsync("/v1/models/demo%2Fswift")).JsonAsync();

        list.GetProperty("data")
            .EnumerateArray()
            .Select(static model => model.GetProperty("id").GetString())
            .ShouldContain("demo/swift");
        one.GetProperty("owned_by").GetString().ShouldBe("demo");
    }

    [Fact]
    public async Task Configuration_WithMistakes_StopsTheStartAndTellsThemAll()
    {
        var refusal = await Should.ThrowAsync<ServerStartException>(() =>
            ServerUnderTest.StartAsync(config: "routez: {}\naliasses: {}\n")
        );

        refusal.Message.ShouldContain("dragoman.yaml:1");
        refusal.Message.ShouldContain("dragoman.yaml:2");
    }

    private static IEnumerable<string?> Ids(JsonElement page) =>
        page.GetProperty("requests")
            .EnumerateArray()
            .Select(static record => record.GetProperty("id").GetString());
}
