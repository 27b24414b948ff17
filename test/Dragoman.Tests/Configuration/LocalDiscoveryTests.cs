using System.Net;
using Dragoman.Configuration;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration;

public sealed class LocalDiscoveryTests
{
    private static readonly DiscoveryTarget Ollama = new(
        "ollama",
        new Uri("http://127.0.0.1:11434/v1")
    );

    private static readonly DiscoveryTarget LMStudio = new(
        "lmstudio",
        new Uri("http://127.0.0.1:1234/v1")
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

        var found = await discovery.FindAsync([Ollama], CancellationToken.None);

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
        await using var server = await ModelListServer.StartAsync(
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
        Local("auto").ShouldBe(("llama3:latest", true));

        (string, bool) Local(string name)
        {
            var first = names.Resolve(name, Operation.Chat, Wishes.None).Decision!.Chain[0];
            return (first.Model, first.Local);
        }
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
