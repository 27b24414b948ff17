using System.Diagnostics;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>The host: keys, switches, pace, journal.</summary>
public sealed class SimulatorHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Keys_Wanted_LetOnlyThemIn()
    {
        await using var host = await SimulatorHost.StartAsync(new() { ApiKeys = ["good", "fine"] });
        using var client = new SimulatorClient(host);

        (await StatusAsync(client, key: null)).ShouldBe(401);
        (await StatusAsync(client, "bad")).ShouldBe(401);
        (await StatusAsync(client, "good")).ShouldBe(200);
        host.SetKeyFault("good", "402");
        (await StatusAsync(client, "good")).ShouldBe(402);
        (await StatusAsync(client, "fine")).ShouldBe(200);
        host.SetKeyFault("good", null);
        (await StatusAsync(client, "good")).ShouldBe(200);
        host.Requests.Last[1].ApiKey.ShouldBe("bad");
    }

    [Fact]
    public async Task Script_Then_Fault_Then_Recovery()
    {
        await using var host = await SimulatorHost.StartAsync(new() { MoreModels = ["other"] });
        using var client = new SimulatorClient(host);
        host.Script("demo/swift", "500-once", "none", "429");

        (await StatusAsync(client)).ShouldBe(500);
        (await StatusAsync(client)).ShouldBe(200);
        (await StatusAsync(client)).ShouldBe(429);
        (await StatusAsync(client)).ShouldBe(200);
        host.SetFault("swift", "503");
        (await StatusAsync(client)).ShouldBe(503);
        (await StatusAsync(client)).ShouldBe(503);
        (await StatusAsync(client, model: "other")).ShouldBe(200);
        host.SetFault("swift", null);
        (await StatusAsync(client)).ShouldBe(200);
        host.Requests.CountOf("swift").ShouldBe(7);
        host.Requests.Of("swift")
            .Select(request => request.Fault)
            .ShouldBe(["500-once", "none", "429", null, "503", "503", null]);
        host.Requests.CountOf("demo/other").ShouldBe(1);
    }

    [Fact]
    public async Task Journal_KeepsHeadersAndBody_OfTheLastOnesOnly()
    {
        await using var host = await SimulatorHost.StartAsync(new() { JournalLength = 2 });
        using var client = new SimulatorClient(host);
        for (var call = 0; call < 3; call++)
            using (await client.ChatAsync("swift", $"call {call}")) { }
        await host.Requests.UntilAsync(journal => journal.Open == 0, Patience);

        host.Requests.Count.ShouldBe(3);
        host.Requests.Last.Count.ShouldBe(2);
        var last = host.Requests.Last[^1];
        last.BodyText.ShouldContain("call 2");
        last.BodyLength.ShouldBe(last.Body.Length);
        last.Headers["content-type"].ShouldStartWith("application/json");
        last.Path.ShouldBe("/v1/chat/completions");
        last.Status.ShouldBe(200);
        last.EndedAt.ShouldNotBeNull();
        last.AbortedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Until_NeverTrue_TimesOut()
    {
        await using var host = await SimulatorHost.StartAsync();

        await Should.ThrowAsync<TimeoutException>(() =>
            host.Requests.UntilAsync(journal => journal.Count > 0, TimeSpan.FromMilliseconds(20))
        );
    }

    [Fact]
    public async Task Pace_Set_IsKept()
    {
        await using var host = await SimulatorHost.StartAsync(
            new()
            {
                FirstDelay = TimeSpan.FromMilliseconds(50),
                ChunkDelay = TimeSpan.FromMilliseconds(10),
            }
        );
        using var client = new SimulatorClient(host);
        var clock = Stopwatch.StartNew();
        var stream = await client.StreamTextAsync("swift", more: ",\"max_tokens\":5");

        clock.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(80);
        SimulatorClient
            .Joined(SimulatorClient.Chunks(stream))
            .ShouldBe("This is a simulated answer");
        clock.Restart();
        await client.AnswerAsync("swift", more: ",\"max_tokens\":5");
        clock.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(80);
    }

    [Fact]
    public async Task Stream_ClientLeaves_IsCounted()
    {
        await using var host = await SimulatorHost.StartAsync(
            new() { ChunkDelay = TimeSpan.FromMilliseconds(5) }
        );
        using var client = new SimulatorClient(host);
        var response = await client.StreamAsync("swift", "Write 5000 words");
        await using (var body = await response.Content.ReadAsStreamAsync())
            (await body.ReadAsync(new byte[64])).ShouldBeGreaterThan(0);
        response.Dispose();
        await host.Requests.UntilAsync(journal => journal.Aborted == 1, Patience);

        host.Requests.Last[^1].AbortedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Dispose_WithRepliesUnderWay_EndsAtOnce()
    {
        var host = await SimulatorHost.StartAsync();
        using var client = new SimulatorClient(host);
        var pending = client.ChatAsync("fault-silent");
        await host.Requests.UntilAsync(journal => journal.Open == 1, Patience);
        await host.DisposeAsync().AsTask().WaitAsync(Patience);

        await Should.ThrowAsync<HttpRequestException>(() => pending);
        host.Aborted.ShouldBe(0);
    }

    [Fact]
    public async Task Path_Unknown_Is404InShape()
    {
        await using var host = await SimulatorHost.StartAsync();
        using var client = new SimulatorClient(host);
        using var response = await client.PostAsync("/nowhere", "{}");

        ((int)response.StatusCode).ShouldBe(404);
        (await response.Content.ReadAsStringAsync()).ShouldStartWith("{\"error\":{");
    }

    private static async Task<int> StatusAsync(
        SimulatorClient client,
        string? key = "any",
        string model = "swift"
    )
    {
        using var response = await client.PostAsync(
            "/chat/completions",
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""",
            key
        );
        return (int)response.StatusCode;
    }
}
