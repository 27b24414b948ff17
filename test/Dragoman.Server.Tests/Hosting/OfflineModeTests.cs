using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Native;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

/// <summary>In offline mode nothing leaves the house, whatever is called: shown by watching every socket of the process.</summary>
[Collection(WholeProcess.Name)]
public sealed class OfflineModeTests
{
    private const string Question = """[{"role":"user","content":"Hello"}]""";

    [Fact]
    public async Task Offline_WhateverIsCalled_NoConnectionLeavesTheHouse()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        using var telemetry = new ProcessVariables(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel.example.com:4318"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        );
        using var watch = new SocketWatch();
        string text;
        await using (
            var server = await ServerUnderTest.StartAsync(
                config: $$"""
                providers:
                  # Says that it is in the house, and is not.
                  liar:   { dialect: openai, base_url: "http://203.0.113.9/v1", local: true }
                  # Is in the house, but for the tokens it is called with.
                  vertex: { base_url: "{{simulator.RootUrl}}/v1", project: p, location: us-east5, local: true }
                models:
                  - { name: lie, provider: openai, model: gpt-4o, source: local }
                """,
                configure: options =>
                    options with
                    {
                        LookForLocalServers = true,
                        ProbeProviders = true,
                        Environment = Everything(simulator, options.Environment),
                    }
            )
        )
        {
            await server.Server.LocalServersLookedFor;
            // What is in the house answers.
            (await AskAsync(server, "ollama/swift")).Status.ShouldBe(HttpStatusCode.OK);
            (await AskAsync(server, "ollama/sage")).Status.ShouldBe(HttpStatusCode.OK);

            foreach (var type in ProviderTypes.Default.All)
            {
                if (type.Name is "ollama" or "demo")
                    continue;
                foreach (var wish in (string[])["", ",\"dragoman\":{\"local_only\":false}"])
                    (await AskAsync(server, $"{type.Name}/some-model", wish)).Status.ShouldNotBe(
                        HttpStatusCode.OK
                    );
            }
            foreach (var model in (string[])["lie", "liar/m", "vertex/gemini-2.5-pro"])
            {
                var (status, said) = await AskAsync(server, model);
                status.ShouldBe(HttpStatusCode.ServiceUnavailable);
                said.ShouldContain("offline mode: ");
            }
            foreach (var (path, body) in Calls())
                using (var answer = await server.PostAsync(path, body))
                    ((int)answer.StatusCode).ShouldBeGreaterThanOrEqualTo(400, path);
            foreach (
                var path in (string[])
                    ["/v1/models", "/v1beta/models", "/api/tags", "/api/ps", "/metrics"]
            )
                using (var answer = await server.GetAsync(path))
                    answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var health = await server.GetAsync("/api/llm/health?now=true");
            text = await health.Content.ReadAsStringAsync();
        }

        var info = JsonSerializer.Deserialize(text, HealthJson.Default.HealthInfo)!;
        info.LocalOnly.ShouldBeTrue();
        info.Counts.Total.ShouldBeGreaterThan(15);
        var openai = info.Providers.Single(static provider => provider.Provider == "openai");
        (openai.Available, openai.LastCheckedAt).ShouldBe((null, null));
        openai.NotProbed!.ShouldContain("offline mode");
        info.Providers.Single(static provider => provider.Provider == "ollama")
            .Available.ShouldBe(true);
        // Something was seen, or the watch is blind.
        watch.Connects.Count.ShouldBeGreaterThan(5);
        watch.Connects.ShouldAllBe(static address => IPAddress.IsLoopback(address));
        watch.Names.ShouldAllBe(static name => IsThisMachine(name));
    }

    [Fact]
    public async Task Offline_SwitchedOnByAReload_HoldsForConnectionsThatAreOpen()
    {
        var time = new ManualTime();
        // 127.0.0.2 stands for a host outside.
        await using var cloud = await HouseServer.OllamaAtAsync("http://127.0.0.2:0");
        cloud.Answers["/v1/chat/completions"] = (
            200,
            """{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"""
        );
        await using var own = await HouseServer.OllamaAsync();
        own.Answers["/v1/chat/completions"] = cloud.Answers["/v1/chat/completions"];
        var config = (bool only) =>
            $$"""
                defaults: { local_only: {{(only ? "true" : "false")}} }
                providers:
                  cloud: { dialect: openai, base_url: "{{cloud.Address}}/v1", local: true }
                  named: { dialect: openai, base_url: "http://localhost:{{new Uri(
                    own.Address
                ).Port}}/v1", api_keys: [k] }
                """;
        using var watch = new SocketWatch();
        await using var server = await ServerUnderTest.StartAsync(
            config: config(false),
            configure: options =>
                options with
                {
                    Time = time,
                    IsInHouse = static address =>
                        !(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).Equals(
                            IPAddress.Parse("127.0.0.2")
                        ),
                }
        );
        // The mode is off: the watch sees what goes out, and names that are looked up.
        (await AskAsync(server, "cloud/m")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, "cloud/m")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, "named/m")).Status.ShouldBe(HttpStatusCode.OK);
        Outside().ShouldBe(1);
        watch.Names.ShouldContain("localhost");
        var asked = cloud.Asked.Count;

        await SwitchAsync(true);

        var (status, said) = await AskAsync(server, "cloud/m");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        said.ShouldContain("offline mode: 127.0.0.2 is outside the house");
        cloud.Asked.Count.ShouldBe(asked);
        Outside().ShouldBe(1);
        // It is not the provider's failure.
        var health = await HealthAsync();
        health.LocalOnly.ShouldBeTrue();
        health
            .Providers.Single(static provider => provider.Provider == "cloud")
            .LastError.ShouldBeNull();

        await SwitchAsync(false);
        (await AskAsync(server, "cloud/m")).Status.ShouldBe(HttpStatusCode.OK);

        int Outside() => watch.Connects.Count(IPAddress.Parse("127.0.0.2").Equals);

        async Task SwitchAsync(bool only)
        {
            await File.WriteAllTextAsync(
                Path.Combine(server.Folder, "dragoman.yaml"),
                config(only)
            );
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while ((await HealthAsync()).LocalOnly != only)
            {
                limit.Token.ThrowIfCancellationRequested();
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        async Task<HealthInfo> HealthAsync()
        {
            using var answer = await server.GetAsync("/api/llm/health");
            return JsonSerializer.Deserialize(
                await answer.Content.ReadAsByteArrayAsync(),
                HealthJson.Default.HealthInfo
            )!;
        }
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Export_OfTelemetry_GoesThroughTheDoorToo(string protocol)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        // 127.0.0.3 stands for a collector; nobody listens there.
        using var telemetry = new ProcessVariables(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.3:1"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
        );
        using var watch = new SocketWatch();

        // The positive control: with the mode off it is connected to.
        (await RunAsync(offline: false)).ShouldBeGreaterThan(0);
        var before = Outside();
        (await RunAsync(offline: true)).ShouldBe(before);

        int Outside() => watch.Connects.Count(IPAddress.Parse("127.0.0.3").Equals);

        async Task<int> RunAsync(bool offline)
        {
            await using (
                var server = await ServerUnderTest.StartAsync(
                    config: ServerUnderTest.ConfigOf(simulator),
                    configure: options =>
                        options with
                        {
                            IsInHouse = static address =>
                                !(
                                    address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
                                ).Equals(IPAddress.Parse("127.0.0.3")),
                            Environment = name =>
                                name == "LLM_LOCAL_ONLY" && offline ? "true"
                                : name.StartsWith("OTEL_", StringComparison.Ordinal)
                                    ? Environment.GetEnvironmentVariable(name)
                                : options.Environment(name),
                        }
                )
            )
                (await AskAsync(server, "sim/swift")).Status.ShouldBe(HttpStatusCode.OK);
            // The last of it is exported when the server ends.
            return Outside();
        }
    }

    /// <summary>Calls of every dialect, of models outside.</summary>
    private static IEnumerable<(string Path, string Body)> Calls() =>
        [
            (
                "/v1/chat/completions",
                $$"""{"model":"gpt-4o","stream":true,"messages":{{Question}}}"""
            ),
            ("/v1/responses", """{"model":"openai/gpt-4o","input":"Hello"}"""),
            ("/v1/embeddings", """{"model":"openai/text-embedding-3-small","input":"Hello"}"""),
            (
                "/v1/messages",
                $$"""{"model":"claude-sonnet-4-5","max_tokens":9,"messages":{{Question}}}"""
            ),
            (
                "/v1beta/models/google%2Fgemini-2.5-pro:generateContent",
                """{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}"""
            ),
            ("/api/chat", $$"""{"model":"mistral/mistral-small-latest","messages":{{Question}}}"""),
            ("/api/generate", """{"model":"groq/llama-3.3-70b-versatile","prompt":"Hello"}"""),
            ("/api/embed", """{"model":"azure/text-embedding-3-small","input":"Hello"}"""),
        ];

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(
        ServerUnderTest server,
        string model,
        string more = ""
    )
    {
        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{model}}","messages":{{Question}}{{more}}}"""
        );
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>An environment with a key for every vendor, and offline mode.</summary>
    private static Func<string, string?> Everything(
        SimulatorHost simulator,
        Func<string, string?> otherwise
    )
    {
        using var rsa = RSA.Create(2048);
        var account = JsonSerializer.Serialize(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["type"] = "service_account",
                ["project_id"] = "p",
                ["client_email"] = "a@p.example",
                ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
                ["token_uri"] = "https://oauth2.googleapis.com/token",
            }
        );
        var set = ProviderTypes
            .Default.All.SelectMany(static type => type.KeyVariables)
            .ToDictionary(static name => name, static _ => "sk-0123456789", StringComparer.Ordinal);
        set["GOOGLE_APPLICATION_CREDENTIALS"] = account;
        set["AZURE_OPENAI_ENDPOINT"] = "https://me.openai.azure.com";
        set["OLLAMA_BASE_URL"] = simulator.RootUrl;
        set["LLM_LOCAL_ONLY"] = "true";
        return name =>
            set.GetValueOrDefault(name)
            ?? (
                name.StartsWith("OTEL_", StringComparison.Ordinal)
                    ? Environment.GetEnvironmentVariable(name)
                    : otherwise(name)
            );
    }

    private static bool IsThisMachine(string name) =>
        name == "localhost" || name == Environment.MachineName || IPAddress.TryParse(name, out _);

    /// <summary>Variables that a library reads from the process itself.</summary>
    private sealed class ProcessVariables : IDisposable
    {
        private readonly (string Name, string Value)[] _set;

        public ProcessVariables(params (string Name, string Value)[] set)
        {
            _set = set;
            foreach (var (name, value) in set)
                Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose()
        {
            foreach (var (name, _) in _set)
                Environment.SetEnvironmentVariable(name, null);
        }
    }
}
