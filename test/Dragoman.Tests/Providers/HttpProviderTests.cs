using System.Net;
using System.Net.Sockets;
using Dragoman.Routing;
using Dragoman.TestKit;
using Dragoman.Tests.Forwarding;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Providers;

/// <summary>Address, credential and connection, as a provider sees them.</summary>
public sealed class HttpProviderTests
{
    [Fact]
    public async Task Send_ACall_CarriesCredentialInstanceAndTheAccountsHeadersOnly()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider(
            keys: ["sk-1"],
            headers: [new KeyValuePair<string, string>("OpenAI-Organization", "org-1")]
        );

        await bench.AskAsync(Ask.Plain, bench.Deployment("swift", provider));

        var request = bench.Upstream.Requests.Last[0];
        request.Method.ShouldBe("POST");
        request.Path.ShouldBe("/v1/chat/completions");
        request.Headers.Keys.ShouldBe(
            [
                "Host",
                "Authorization",
                "User-Agent",
                "x-dragoman-instance",
                "OpenAI-Organization",
                "Content-Type",
                "Content-Length",
            ],
            ignoreOrder: true
        );
        request.ApiKey.ShouldBe("sk-1");
        request.Headers["x-dragoman-instance"].ShouldBe(bench.InstanceId);
        request.Headers["OpenAI-Organization"].ShouldBe("org-1");
        request.Headers["Content-Type"].ShouldBe("application/json");
    }

    [Fact]
    public async Task Send_ARedirect_IsNotFollowed()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            bench.Deployment("fault-redirect", bench.Provider(keys: ["sk-1"]))
        );

        finished.Words.ShouldBe(["redirected"]);
        finished.Status.ShouldBe(502);
        finished.Log.Attempts[0].Status.ShouldBe(302);
        bench.Upstream.Requests.Last.ShouldHaveSingleItem();
        finished.Reply.Headers.ContainsKey("Location").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/v1/", "/v1/chat/completions")]
    [InlineData("/v1", "/v1/chat/completions")]
    public async Task Send_ABaseUrlWithOrWithoutASlash_GivesTheSameAddress(
        string path,
        string expected
    )
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider(baseUrl: $"http://127.0.0.1:{bench.Upstream.Port}{path}");

        await bench.AskAsync(Ask.Plain, bench.Deployment("swift", provider));

        bench.Upstream.Requests.Last[0].Path.ShouldBe(expected);
    }

    [Fact]
    public async Task Send_NobodyListens_IsTriedTwiceAndToldAsUnreachable()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider("gone", baseUrl: $"http://127.0.0.1:{FreePort()}/v1");

        var alone = await bench.AskAsync(Ask.Plain, bench.Deployment("any", provider));
        var chained = await bench.AskAsync(
            Ask.Streamed,
            bench.Deployment("any", provider),
            bench.Deployment("swift")
        );

        alone.Words.ShouldBe(["connect_failed", "connect_failed"]);
        alone.Status.ShouldBe(502);
        alone.Error().Code().ShouldBe("connect_failed");
        alone.Log.Attempts[0].Status.ShouldBeNull();
        chained.Walk.ShouldBe([
            "gone/any connect_failed",
            "gone/any connect_failed",
            "demo/swift success",
        ]);
    }

    [Fact]
    public async Task Send_AHostThatDoesNotTakeTheConnection_IsGivenUpInTimeAndNotRetried()
    {
        await using var bench = await ForwardingBench.StartAsync();
        // A full backlog: the system answers no further connection.
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(1);
        var fillers = new List<Socket>();
        try
        {
            if (!await FillAsync((IPEndPoint)full.LocalEndPoint!, fillers))
                Assert.Skip("this system takes more connections than its backlog says");
            var provider = bench.Provider(
                "full",
                baseUrl: $"http://127.0.0.1:{((IPEndPoint)full.LocalEndPoint!).Port}/v1"
            );

            var finished = await bench.AskAsync(
                Ask.Plain,
                ForwardingBench.Chain(
                    new ForwardingSettings { Connect = TimeSpan.FromSeconds(0.3) },
                    bench.Deployment("any", provider),
                    bench.Deployment("swift")
                )
            );

            finished.Walk.ShouldBe(["full/any connect_timeout", "demo/swift success"]);
        }
        finally
        {
            fillers.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Send_TheProvidersOwnHeaders_AreToldButForItsAccount()
    {
        await using var bench = await ForwardingBench.StartAsync();
        const string body = """{"choices":[{"message":{"content":"a"}}]}""";
        using var upstream = new ScriptedUpstream(
            body,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nx-request-id: up-1\r\nx-ratelimit-remaining-requests: 9\r\n"
                + "openai-processing-ms: 12\r\nopenai-organization: org-secret\r\nopenai-project: p-secret\r\nSet-Cookie: a=b\r\nServer: x\r\n\r\n"
        );

        var finished = await bench.AskAsync(
            Ask.Plain,
            bench.Deployment("any", bench.Provider(baseUrl: upstream.BaseUrl))
        );

        finished.Text.ShouldBe(body);
        finished
            .Reply.Headers.Keys.Where(name =>
                !name.StartsWith("x-dragoman-", StringComparison.Ordinal)
            )
            .ShouldBe(
                ["X-Request-ID", "x-ratelimit-remaining-requests", "openai-processing-ms"],
                ignoreOrder: true
            );
    }

    private static async Task<bool> FillAsync(IPEndPoint address, List<Socket> fillers)
    {
        for (var i = 0; i < 16; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            fillers.Add(socket);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
            try
            {
                await socket.ConnectAsync(address, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        }
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Fact]
    public async Task Send_AHeaderBeyondAscii_GoesOutAsUtf8()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var provider = bench.Provider(
            headers: [new KeyValuePair<string, string>("X-Title", "Müller \u2713")]
        );

        var finished = await bench.AskAsync(Ask.Plain, bench.Deployment("swift", provider));

        finished.Words.ShouldBe(["success"]);
        bench.Upstream.Requests.Last[0].Headers["X-Title"].ShouldBe("Müller \u2713");
    }
}
