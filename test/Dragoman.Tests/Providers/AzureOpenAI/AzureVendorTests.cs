using System.Collections.Frozen;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Providers;
using Dragoman.Providers.AzureOpenAI;
using Dragoman.Tests.Configuration;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Providers.AzureOpenAI;

public sealed class AzureVendorTests
{
    private const string Resource = "https://lamps.openai.azure.com";

    [Theory]
    [InlineData(Resource)]
    [InlineData(Resource + "/openai")]
    [InlineData(Resource + "/openai/v1")]
    [InlineData(Resource + "/openai/deployments/x")]
    public void AddressOf_WithoutAVersion_IsTheV1Api(string baseUrl)
    {
        Address(baseUrl, null).ShouldBe(Resource + "/openai/v1/chat/completions");
        Address(baseUrl, null, Operation.Embeddings).ShouldBe(Resource + "/openai/v1/embeddings");
    }

    [Fact]
    public void AddressOf_WithADatedVersion_NamesTheDeployment()
    {
        Address(Resource, "2024-10-21")
            .ShouldBe(
                Resource + "/openai/deployments/gpt%204/chat/completions?api-version=2024-10-21"
            );
        Address(Resource + "/openai", "2024-10-21", Operation.Embeddings)
            .ShouldBe(Resource + "/openai/deployments/gpt%204/embeddings?api-version=2024-10-21");
    }

    [Theory]
    [InlineData("preview", "?api-version=preview")]
    [InlineData("v1", "")]
    public void AddressOf_WithAVersionOfTheV1Api_AsksForIt(string version, string query) =>
        Address(Resource, version).ShouldBe(Resource + "/openai/v1/chat/completions" + query);

    [Fact]
    public void AddressOf_BehindAProxy_KeepsItsPath() =>
        Address("https://proxy.example/azure", null)
            .ShouldBe("https://proxy.example/azure/openai/v1/chat/completions");

    [Fact]
    public async Task Authorize_PutsTheKeyInItsOwnHeader()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Resource);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());

        await new AzureVendor().AuthorizeAsync(
            request,
            Call(Resource, null),
            client,
            TestContext.Current.CancellationToken
        );

        request.Headers.GetValues("api-key").ShouldBe(["k"]);
        request.Headers.Authorization.ShouldBeNull();
    }

    [Fact]
    public void Reload_ItsVariables_MakeTheAccount()
    {
        using var sources = new TestSources
        {
            Environment =
            {
                ["AZURE_OPENAI_API_KEY"] = "k",
                ["AZURE_OPENAI_ENDPOINT"] = Resource + "/",
                ["OPENAI_API_VERSION"] = "2024-10-21",
            },
        };
        using var snapshots = sources.Snapshots();

        snapshots.Reload().Mistakes.ShouldBeEmpty();

        var provider = snapshots.Current.Providers["azure"];
        provider.Settings["api_version"].ShouldBe("2024-10-21");
        provider.Dialect.ShouldBe("openai");
        provider.BaseUrl.AbsoluteUri.ShouldBe(Resource + "/");
    }

    [Fact]
    public void Reload_AKeyWithoutAnAddress_SaysWhatIsMissing()
    {
        using var sources = new TestSources { Environment = { ["AZURE_OPENAI_API_KEY"] = "k" } };
        using var snapshots = sources.Snapshots();

        var finding = snapshots.Reload().Findings.ShouldHaveSingleItem();

        (finding.Provider, finding.IsUsable).ShouldBe(("azure", false));
        finding.Note!.ShouldContain("AZURE_OPENAI_ENDPOINT");
    }

    private static string Address(
        string baseUrl,
        string? version,
        Operation operation = Operation.Chat
    ) => new AzureVendor().AddressOf(Call(baseUrl, version, operation)).AbsoluteUri;

    private static UpstreamCall Call(
        string baseUrl,
        string? version,
        Operation operation = Operation.Chat
    )
    {
        var provider = new Provider
        {
            Name = "azure",
            Type = ProviderTypes.Default.Find("azure")!,
            Dialect = "openai",
            BaseUrl = new Uri(baseUrl),
            Keys = new KeyPool([new SecretText("k")]),
            Settings = version is null
                ? FrozenDictionary<string, string>.Empty
                : new Dictionary<string, string> { ["api_version"] = version },
        };
        return new UpstreamCall
        {
            Deployment = new Deployment
            {
                Name = "azure/gpt 4",
                Model = "gpt 4",
                Provider = provider,
                State = new DeploymentState("azure/gpt 4"),
            },
            Key = provider.Keys.Take("gpt 4", DateTimeOffset.UnixEpoch),
            Operation = operation,
            Dialect = new OpenAIChatDialect(),
            Spoken = provider.MainDialect("gpt 4"),
            Stream = false,
            Content = new SplicedContent([]),
            Headers = [],
            ConnectTimeout = TimeSpan.FromSeconds(1),
        };
    }
}
