using System.Net;
using System.Net.Sockets;
using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration;

public sealed class LocalDiscoveryTests
{
    private static readonly DiscoveryTarget Ollama = new(
        "ollama",
        new Uri("http://127.0.0.1:11434"),
        Kind: ModelListKind.Ollama
    );

    private static readonly DiscoveryTarget Other = new(
        "vllm",
        new Uri("http://127.0.0.1:8000/v1")
    );

    private static readonly DiscoveryTarget LMStudio = new(
        "lmstudio",
        new Uri("http://127.0.0.1:1234/v1"),
        Kind: ModelListKind.LMStudio
    );

    [Theory]
    [InlineData("""{"object":"list","data":[{"id":"llama3:latest"},{"id":"qwen3:8b"}]}""", 2)]
    [InlineData("""{"object":"list","data":null}""", 0)]
    [InlineData("""{"data":[{"id":7},{},"x",{"id":""}]}""", 0)]
    [InlineData("""{"models":[]}""", null)]
    [InlineData("<html>", null)]
    [InlineData("[]", null)]
    public async Task Find_Answer_GivesItsModels(string body, int? models)
    {
        using var discovery = new LocalDiscovery(
            new Answers(_ => new HttpResponseMessage { Content = new StringContent(body) })
        );

        var found = await discovery.FindAsync([Other], CancellationToken.None);

        var count = found.Count == 0 ? (int?)null : found[0].Models.Count;
        count.ShouldBe(models);
    }

    [Fact]
    public async Task Find_SomeAbsent_GivesTheOthers()
    {
        using var discovery = new LocalDiscovery(
            new Answers(request =>
                request.RequestUri!.Port == 1234
                    ? new HttpResponseMessage { Content = new StringContent("{\"data\":[]}") }
                    : throw new HttpRequestException("refused")
            )
        );

        var found = await discovery.FindAsync([Ollama, LMStudio], CancellationToken.None);

        found.ShouldHaveSingleItem().Name.ShouldBe("lmstudio");
    }

    [Fact]
    public async Task Find_Refusal_IsAbsence()
    {
        using var discovery = new LocalDiscovery(
            new Answers(static _ => new HttpResponseMessage(HttpStatusCode.NotFound))
        );

        (await discovery.FindAsync([Ollama], CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Discover_OllamaOnThisMachine_BecomesAProvider()
    {
        await using var server = await HouseServer.OllamaAsync(
            "llama3:latest",
            "qwen3:8b",
            "big:cloud",
            "nomic-embed-text"
        );
        using var sources = new TestSources
        {
            Environment = { ["OLLAMA_BASE_URL"] = server.Address },
        };
        using var snapshots = sources.Snapshots(static s => s with { LookForLocalServers = true });
        snapshots.Reload();

        (await snapshots.DiscoverAsync()).ShouldNotBeNull().IsApplied.ShouldBeTrue();
        // Another time alone is no other model.
        server.Models =
        [
            .. server.Models.Select(static item =>
                item.Replace("2026-11-01", "2026-11-02", StringComparison.Ordinal)
            ),
        ];
        (await snapshots.DiscoverAsync()).ShouldBeNull();

        var names = snapshots.Current.Names;
        names.Find("ollama/qwen3:8b").ShouldNotBeNull();
        names.Find("qwen3:8b").ShouldNotBeNull();
        // What it does not have is not offered, whatever the catalog knows.
        names.Find("ollama/phi4").ShouldBeNull();
        names.Resolve("phi4", Operation.Chat, Wishes.None).Error.ShouldNotBeNull();

        Local("llama3").ShouldBe(("llama3:latest", true));
        Local("ollama/qwen3:8b").ShouldBe(("qwen3:8b", true));
        Local("ollama/big:cloud").ShouldBe(("big:cloud", false));
        // The better of the two, and neither costs anything.
        Local("auto").ShouldBe(("qwen3:8b", true));

        (string, bool) Local(string name)
        {
            var first = names.Resolve(name, Operation.Chat, Wishes.None).Decision!.Chain[0];
            return (first.Model, first.Local);
        }
    }

    [Theory]
    [InlineData("""{"models":[{"name":"a:1b"},{"model":"b"}]}""", "a:1b b")]
    [InlineData("""{"models":null}""", "")]
    [InlineData("""{"models":[{"name":7},{},"x",{"name":""},{"name":"c","details":7}]}""", "c")]
    [InlineData("""{"data":[]}""", null)]
    [InlineData("Ollama is running", null)]
    public async Task Find_OllamasAnswer_GivesItsModels(string body, string? models)
    {
        using var discovery = new LocalDiscovery(
            new Answers(request =>
            {
                request.RequestUri!.AbsolutePath.ShouldBe("/api/tags");
                return new HttpResponseMessage { Content = new StringContent(body) };
            })
        );

        var found = await discovery.FindAsync([Ollama], CancellationToken.None);

        (
            found.Count == 0
                ? null
                : string.Join(' ', found[0].Models.Select(static model => model.Name))
        ).ShouldBe(models);
    }

    [Fact]
    public async Task Find_LMStudio_TellsWhatItsModelsAre()
    {
        await using var server = await HouseServer.LMStudioAsync(
            """{"id":"qwen2-vl","type":"vlm","arch":"qwen2_vl","compatibility_type":"mlx","quantization":"4bit","state":"not-loaded","max_context_length":32768,"capabilities":["tool_use"]}""",
            """{"id":"nomic","type":"embeddings","arch":"nomic-bert","max_context_length":2048}""",
            """{"id":"plain"}"""
        );
        using var discovery = new LocalDiscovery(new HouseDoor());

        var found = await discovery.FindAsync(
            [LMStudio with { BaseUrl = new Uri(server.Address + "/v1") }],
            CancellationToken.None
        );

        var models = found.ShouldHaveSingleItem().Models;
        models[0].ContextWindow.ShouldBe(32768);
        models[0]
            .Capabilities.ShouldBe(
                new ModelCapabilities
                {
                    Vision = true,
                    Tools = true,
                    Embeddings = false,
                }
            );
        models[1].Capabilities.Embeddings.ShouldBe(true);
        models[1].Capabilities.Tools.ShouldBe(false);
        models[2].Capabilities.ShouldBe(ModelCapabilities.Unknown);
    }

    [Fact]
    public async Task Find_OlderLMStudio_IsAskedByItsOpenAIList()
    {
        await using var server = await HouseServer.OpenAIAsync("a", "b");
        using var discovery = new LocalDiscovery(new HouseDoor());

        var found = await discovery.FindAsync(
            [LMStudio with { BaseUrl = new Uri(server.Address + "/v1") }],
            CancellationToken.None
        );

        found.ShouldHaveSingleItem().Models.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Describe_EachModel_IsAskedOnceForItsDigest()
    {
        await using var server = await HouseServer.OllamaAsync("a", "b", "nomic-embed-text");
        server.Models =
        [
            HouseServer.OllamaItem("a"),
            HouseServer.OllamaItem("b"),
            HouseServer.OllamaItem("nomic-embed-text", family: "nomic-bert"),
        ];
        server.Descriptions["a"] = """
            {"capabilities":["completion","tools","thinking"],"details":{"family":"qwen3"},
             "model_info":{"general.architecture":"qwen3","qwen3.context_length":40960,"clip.context_length":7}}
            """;
        using var discovery = new LocalDiscovery(new HouseDoor());
        DiscoveryTarget[] targets = [Ollama with { BaseUrl = new Uri(server.Address) }];

        var found = await discovery.FindAsync(targets, CancellationToken.None);
        found[0].Models[0].Capabilities.ShouldBe(ModelCapabilities.Unknown);
        // Its family tells at once.
        found[0].Models[2].Capabilities.Embeddings.ShouldBe(true);
        var described = await DescribeAsync(found);
        described[0]
            .Models[0]
            .Capabilities.ShouldBe(
                new ModelCapabilities
                {
                    Tools = true,
                    Reasoning = true,
                    Vision = false,
                    Audio = false,
                    Embeddings = false,
                    StructuredOutput = true,
                }
            );
        described[0].Models[0].ContextWindow.ShouldBe(40960);
        described[0].Models[0].Family.ShouldBe("qwen3");
        Shown("a").ShouldBe(1);
        // One that is not described is let be in the end.
        Shown("b").ShouldBe(3);

        // The list again: what is known stays known; another digest is another model.
        found = await discovery.FindAsync(targets, CancellationToken.None);
        found[0].Models[0].ContextWindow.ShouldBe(40960);
        server.Models = [HouseServer.OllamaItem("a", digest: "d2")];
        found = await discovery.FindAsync(targets, CancellationToken.None);
        found[0].Models[0].ContextWindow.ShouldBeNull();
        await DescribeAsync(found);
        Shown("a").ShouldBe(2);

        async Task<IReadOnlyList<DiscoveredServer>> DescribeAsync(
            IReadOnlyList<DiscoveredServer> servers
        )
        {
            while (
                await discovery.DescribeAsync(targets, servers, CancellationToken.None) is { } more
            )
                servers = more;
            return servers;
        }

        int Shown(string model) =>
            server.Asked.Count(call =>
                call.Path == "/api/show"
                && call.Body.Contains($"\"{model}\"", StringComparison.Ordinal)
            );
    }

    [Theory]
    [InlineData("OLLAMA_BASE_URL", "{0}")]
    [InlineData("OLLAMA_BASE_URL", "{0}/")]
    [InlineData("OLLAMA_BASE_URL", "{0}/v1")]
    [InlineData("OLLAMA_BASE_URL", "{0}/api/")]
    [InlineData("OLLAMA_HOST", "{1}")]
    public async Task Discover_OllamasAddressAsPeopleWriteIt_IsItsRoot(string variable, string form)
    {
        await using var server = await HouseServer.OllamaAsync("llama3");
        var address = new Uri(server.Address);
        using var sources = new TestSources();
        sources.Environment[variable] = string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            form,
            server.Address,
            address.Authority
        );
        using var snapshots = sources.Snapshots(static s => s with { LookForLocalServers = true });
        snapshots.Reload().Mistakes.ShouldBeEmpty();

        await snapshots.DiscoverAsync();

        snapshots.Current.Names.Find("ollama/llama3").ShouldNotBeNull();
        snapshots.Current.Providers["ollama"].BaseUrl.ShouldBe(address);
    }

    [Fact]
    public async Task Discover_ModelWithDescription_KnowsWhatItCanDo()
    {
        await using var server = await HouseServer.OllamaAsync("own-model");
        server.Descriptions["own-model"] =
            """{"capabilities":["completion","vision"],"model_info":{"general.architecture":"x","x.context_length":999}}""";
        using var sources = new TestSources();
        sources.Write(
            $$"""
            providers: { house: { dialect: ollama, base_url: "{{server.Address}}/v1" } }
            models: [ { name: listed, provider: house, model: own-model, capabilities: [tools] } ]
            """
        );
        using var snapshots = sources.Snapshots(static s => s with { LookForLocalServers = true });
        snapshots.Reload().Mistakes.ShouldBeEmpty();
        using var stop = new CancellationTokenSource();
        await snapshots.DiscoverAsync(stop.Token);
        var watching = snapshots.WatchAsync(stop.Token);

        await Eventually.TrueAsync(() => First("house/own-model").ContextWindow == 999);
        First("house/own-model").Capabilities.Vision.ShouldBe(true);
        First("listed").ContextWindow.ShouldBe(999);
        First("listed").Capabilities.Tools.ShouldBe(true);
        await stop.CancelAsync();
        await watching;

        Deployment First(string name) =>
            snapshots.Current.Names.Resolve(name, Operation.Chat, Wishes.None).Decision!.Chain[0];
    }

    [Fact]
    public async Task Resolve_TheTagLatest_MeansTheNameWithoutIt()
    {
        await using var server = await HouseServer.OllamaAsync("llama3:latest", "qwen3:8b");
        using var sources = new TestSources
        {
            Environment = { ["OLLAMA_BASE_URL"] = server.Address, ["OPENAI_API_KEY"] = "k" },
        };
        using var snapshots = sources.Snapshots(static s => s with { LookForLocalServers = true });
        snapshots.Reload();
        await snapshots.DiscoverAsync();

        Model("llama3").ShouldBe("llama3:latest");
        Model("llama3:latest").ShouldBe("llama3:latest");
        Model("gpt-4o:latest").ShouldBe("gpt-4o");
        Model("openai/gpt-4o:latest").ShouldBe("gpt-4o");
        Model("auto:latest").ShouldNotBeNull();
        Model("nonsense:latest").ShouldBeNull();

        string? Model(string name) =>
            snapshots
                .Current.Names.Resolve(name, Operation.Chat, Wishes.None)
                .Decision?.Chain[0]
                .Model;
    }

    [Theory]
    [InlineData("refused", false)]
    [InlineData("not found", false)]
    [InlineData("another program", false)]
    [InlineData("no name", false)]
    [InlineData("timeout", true)]
    [InlineData("reset", true)]
    [InlineData("busy", true)]
    [InlineData("503", true)]
    public async Task Find_AKnownServerThatMissesOnce_StaysWhereItMayOnlyBeBusy(
        string miss,
        bool stays
    )
    {
        var isMissing = false;
        using var discovery = new LocalDiscovery(
            new Answers(_ =>
                !isMissing
                    ? Body("""{"models":[{"name":"a"}]}""")
                    : miss switch
                    {
                        "refused" => throw Failure(SocketError.ConnectionRefused),
                        "no name" => throw Failure(SocketError.HostNotFound),
                        "reset" => throw Failure(SocketError.ConnectionReset),
                        "timeout" => throw new TaskCanceledException(),
                        "not found" => new HttpResponseMessage(HttpStatusCode.NotFound),
                        "busy" => new HttpResponseMessage(HttpStatusCode.TooManyRequests),
                        "503" => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable),
                        _ => Body("<html>"),
                    }
            )
        );
        (await FindAsync()).ShouldBe(1);

        isMissing = true;
        (await FindAsync()).ShouldBe(stays ? 1 : 0);
        // Two in a row.
        (await FindAsync()).ShouldBe(0);

        isMissing = false;
        (await FindAsync()).ShouldBe(1);
        isMissing = true;
        (await FindAsync()).ShouldBe(stays ? 1 : 0);
        isMissing = false;
        (await FindAsync()).ShouldBe(1);
        isMissing = true;
        // Not two in a row.
        (await FindAsync()).ShouldBe(stays ? 1 : 0);

        async Task<int> FindAsync() =>
            (await discovery.FindAsync([Ollama], CancellationToken.None)).Count;

        static HttpResponseMessage Body(string text) => new() { Content = new StringContent(text) };

        static HttpRequestException Failure(SocketError error) =>
            new("failed", new SocketException((int)error));
    }

    [Theory]
    [InlineData(
        ", \"remote_model\":\"gpt-oss:120b\", \"remote_host\":\"https://ollama.com:443\"",
        "",
        false
    )]
    [InlineData("", ", \"remote_host\":\"https://ollama.com:443\"", false)]
    [InlineData("", "", true)]
    public async Task Describe_AModelThatRunsElsewhere_IsNotLocal(
        string listed,
        string shown,
        bool local
    )
    {
        await using var server = await HouseServer.OllamaAsync();
        server.Models = [$$"""{"name":"mine:latest","digest":"d"{{listed}}}"""];
        server.Descriptions["mine:latest"] = $$"""{"capabilities":["completion"]{{shown}}}""";
        using var sources = new TestSources();
        sources.Write(
            $$"""providers: { box: { dialect: ollama, base_url: "{{server.Address}}" } }"""
        );
        using var snapshots = sources.Snapshots(static s => s with { LookForLocalServers = true });
        snapshots.Reload().Mistakes.ShouldBeEmpty();
        using var stop = new CancellationTokenSource();
        await snapshots.DiscoverAsync(stop.Token);
        var watching = snapshots.WatchAsync(stop.Token);
        await Eventually.TrueAsync(() =>
            Decide(Wishes.None).Decision?.Chain[0].Capabilities.StructuredOutput is true
        );

        Decide(Wishes.None).Decision!.Chain[0].Local.ShouldBe(local);
        var inHouse = Decide(Wishes.None with { LocalOnly = true });
        (inHouse.Decision is not null).ShouldBe(local);
        inHouse.Error?.Message.ShouldContain("not local");
        await stop.CancelAsync();
        await watching;

        Resolution Decide(Wishes wishes) =>
            snapshots.Current.Names.Resolve("box/mine", Operation.Chat, wishes);
    }

    [Fact]
    public async Task Watch_ManyModelsToDescribe_IsOneChangeOfConfiguration()
    {
        var names = Enumerable.Range(0, 100).Select(static i => $"m{i}").ToArray();
        await using var server = await HouseServer.OllamaAsync(names);
        foreach (var name in names)
            server.Descriptions[name] = """{"capabilities":["completion","tools"]}""";
        using var sources = new TestSources
        {
            Environment = { ["OLLAMA_BASE_URL"] = server.Address },
        };
        var time = new ManualTime();
        using var snapshots = new GatewaySnapshots(
            sources.Sources with
            {
                LookForLocalServers = true,
            },
            sources.States,
            time
        );
        snapshots.Reload();
        await snapshots.DiscoverAsync();
        snapshots.Current.Version.ShouldBe(2);
        using var stop = new CancellationTokenSource();
        var watching = snapshots.WatchAsync(stop.Token);

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return snapshots.Current.Version == 3;
        });
        // Another minute changes nothing; another model, which is asked for at once, is one change.
        var lists = Lists();
        await UntilAsync(() => Lists() >= lists + 2);
        snapshots.Current.Version.ShouldBe(3);
        server.Descriptions["new"] = """{"capabilities":["completion","vision"]}""";
        server.Models = [.. server.Models, HouseServer.OllamaItem("new")];
        await UntilAsync(() => snapshots.Current.Version > 3);
        lists = Lists();
        await UntilAsync(() => Lists() >= lists + 2);

        snapshots.Current.Version.ShouldBe(4);
        snapshots
            .Current.Names.Resolve("ollama/new", Operation.Chat, Wishes.None)
            .Decision!.Chain[0]
            .Capabilities.Vision.ShouldBe(true);
        await stop.CancelAsync();
        await watching;

        int Lists() => server.Asked.Count(static call => call.Path == "/api/tags");

        Task UntilAsync(Func<bool> condition) =>
            Eventually.TrueAsync(() =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            });
    }

    [Fact]
    public async Task Discover_NothingToAsk_ChangesNothing()
    {
        using var sources = new TestSources();
        using var snapshots = sources.Snapshots();
        snapshots.Reload();

        (await snapshots.DiscoverAsync()).ShouldBeNull();
    }

    private sealed class Answers(Func<HttpRequestMessage, HttpResponseMessage> answer)
        : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => Task.FromResult(answer(request));
    }
}
