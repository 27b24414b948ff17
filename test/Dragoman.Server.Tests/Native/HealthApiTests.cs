using System.Net;
using System.Text.Json;
using Dragoman.Native;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

public sealed class HealthApiTests
{
    private const string Address = "/api/llm/health";
    private const string Wrong = "sk-wrong-0123456789abcdef";

    [Fact]
    public async Task Health_AtStart_IsLookedAtInTheBackgroundAndCountsAsNoUsage()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { ApiKeys = ["sk-good-0123456789"] }
        );
        await using var server = await ServerUnderTest.StartAsync(
            config: $$"""
            providers:
              good:  { dialect: openai, base_url: "{{simulator.BaseUrl}}", api_keys: [sk-good-0123456789] }
              wrong: { type: openai, base_url: "{{simulator.BaseUrl}}", api_keys: [{{Wrong}}] }
              claude-wrong: { type: anthropic, base_url: "{{simulator.RootUrl}}/v1", api_keys: [{{Wrong}}] }
              gone:  { dialect: openai, base_url: "http://127.0.0.1:1/v1" }
              maps:  { type: perplexity, base_url: "{{simulator.BaseUrl}}", api_keys: [k] }
            """,
            configure: static options => options with { ProbeProviders = true }
        );

        HealthInfo info = null!;
        do info = await ReadAsync(server, Address);
        while (info.Counts.Unknown > 1);

        info.Status.ShouldBe("degraded");
        info.LocalOnly.ShouldBeFalse();
        info.Counts.ShouldBe(
            new HealthCounts
            {
                Total = 5,
                Available = 1,
                Unavailable = 3,
                Unknown = 1,
            }
        );
        Of("good").Available.ShouldBe(true);
        Of("good").Score.ShouldBe(100);
        Of("good").LatencyMs!.Value.ShouldBeGreaterThan(0);
        Of("good").LastError.ShouldBeNull();
        foreach (var name in (string[])["wrong", "claude-wrong"])
        {
            var error = Of(name).LastError.ShouldNotBeNull();
            error.Kind.ShouldBe("authentication");
            error.Status.ShouldBe(401);
            error.Remedy.ShouldContain($"Check the key of {name}");
            Of(name).Keys.ShouldHaveSingleItem().Refused.ShouldBeTrue();
            Of(name).Score.ShouldBe(0);
        }
        Of("gone").LastError!.Kind.ShouldBe("unreachable");
        Of("gone").LastError!.Remedy.ShouldContain("Start the server of gone");
        Of("maps").NotProbed!.ShouldContain("no call that is free");
        var text = await (await server.GetAsync(Address)).Content.ReadAsStringAsync();
        text.ShouldNotContain(Wrong);
        text.ShouldContain("\"last_checked_at\":null");
        using var records = await server.GetAsync("/api/llm/requests");
        (await records.JsonAsync()).GetProperty("requests").GetArrayLength().ShouldBe(0);

        ProviderHealthInfo Of(string name) =>
            info.Providers.Single(provider => provider.Provider == name);
    }

    [Fact]
    public async Task Health_AskedNowByMany_ProbesOnce()
    {
        await using var upstream = await HouseServer.OpenAIAsync("m");
        await using var server = await ServerUnderTest.StartAsync(
            config: $$"""providers: { one: { dialect: openai, base_url: "{{upstream.Address}}/v1" }, other: { dialect: openai, base_url: "{{upstream.Address}}/v1" } }"""
        );
        var answer = new TaskCompletionSource();
        upstream.BeforeList = answer.Task;

        var asking = Enumerable
            .Range(0, 8)
            .Select(_ => ReadAsync(server, Address + "?now=true&provider=ONE"))
            .ToList();
        await Eventually.TrueAsync(() => upstream.Asked.Count > 0);
        // Who does not ask for it does not wait for it.
        (await ReadAsync(server, Address)).Status.ShouldBe("unknown");
        answer.SetResult();
        var infos = await Task.WhenAll(asking);

        upstream.Asked.Count.ShouldBe(1);
        upstream.Asked[0].Path.ShouldBe("/v1/models");
        infos.ShouldAllBe(static info => info.Status == "ok" && info.Providers.Count == 1);
        var all = await ReadAsync(server, Address);
        all.Providers.Select(static provider => provider.Available).ShouldBe([true, null]);
        all.Status.ShouldBe("ok");
    }

    [Fact]
    public async Task Health_OfTraffic_IsSeenWithoutAProbe()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );

        await AskAsync("swift", HttpStatusCode.OK);
        var well = (await ReadAsync(server, Address)).Providers.ShouldHaveSingleItem();
        await AskAsync("fault-400", HttpStatusCode.BadRequest);
        await AskAsync("fault-429-long", HttpStatusCode.TooManyRequests);
        var limited = await ReadAsync(server, Address);
        for (var i = 0; i < 3; i++)
            await AskAsync("fault-503", HttpStatusCode.ServiceUnavailable);
        var failing = await ReadAsync(server, Address);

        well.Available.ShouldBe(true);
        well.LastCheckedAt.ShouldBeNull();
        well.LastUsedAt.ShouldNotBeNull();
        limited.Status.ShouldBe("degraded");
        var busy = limited.Providers[0];
        busy.Available.ShouldBe(true);
        busy.LastError!.Kind.ShouldBe("rate_limited");
        busy.Score!.Value.ShouldBeInRange(50, 90);
        busy.Resting.ShouldHaveSingleItem().Model.ShouldBe("fault-429-long");
        failing.Status.ShouldBe("down");
        failing.Providers[0].LastError!.Status.ShouldBe(503);
        failing.Providers[0].Score.ShouldBe(0);

        async Task AskAsync(string model, HttpStatusCode expected)
        {
            using var answer = await server.PostAsync(
                "/v1/chat/completions",
                $$"""{"model":"sim/{{model}}","messages":[{"role":"user","content":"Hi"}]}"""
            );
            answer.StatusCode.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Health_AKeyThatIsReplaced_StartsAnew()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { ApiKeys = ["sk-good-0123456789"] }
        );
        var config = (string key) =>
            $$"""providers: { sim: { dialect: openai, base_url: "{{simulator.BaseUrl}}", api_keys: [{{key}}] } }""";
        await using var server = await ServerUnderTest.StartAsync(
            config: config(Wrong),
            configure: options => options with { ProbeProviders = true, Time = time }
        );
        await UntilAsync("down");

        await File.WriteAllTextAsync(
            Path.Combine(server.Folder, "dragoman.yaml"),
            config("sk-good-0123456789")
        );

        // The file is seen, and the new key tried, without anybody's asking.
        await UntilAsync("ok");

        async Task UntilAsync(string status)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while ((await ReadAsync(server, Address)).Status != status)
            {
                limit.Token.ThrowIfCancellationRequested();
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    [Theory]
    [InlineData("?now=perhaps", "'now' must be true or false")]
    [InlineData("?now=true&now=false", "'now' may be said once")]
    [InlineData("?provider=nobody", "configured: sim")]
    [InlineData("?nwo=true", "Known are: now, provider. Did you mean 'now'?")]
    public async Task Health_AWrongParameter_IsRefusedWithWhatIsAllowed(string query, string said)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );

        using var answer = await server.GetAsync(Address + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.JsonAsync()).GetProperty("detail").GetString()!.ShouldContain(said);
    }

    [Fact]
    public async Task Health_AnotherMethod_IsRefused()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.PostAsync(Address, "{}");

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await ReadAsync(server, Address)).Status.ShouldBe("unknown");
    }

    private static async Task<HealthInfo> ReadAsync(ServerUnderTest server, string address)
    {
        using var answer = await server.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonSerializer.Deserialize(
            await answer.Content.ReadAsByteArrayAsync(),
            HealthJson.Default.HealthInfo
        )!;
    }
}
