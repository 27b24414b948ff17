using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

/// <summary>decisions/0013: what is called when the model that was asked for is no more.</summary>
public sealed class RetiredModelTests
{
    private const string House = """
        providers:
          openai: { api_keys: [k] }
          anthropic: { api_keys: [k] }
          google: { api_keys: [k] }
          mistral: { api_keys: [k] }
          cohere: { api_keys: [k] }
          own: { type: openai, base_url: "https://own.example/v1", only_listed: true }
          house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
        models:
          - { name: kept, provider: openai, model: gpt-4-32k }
          - { name: terra, provider: openai, model: gpt-5.6-terra, temperature: 0.5 }
        aliases: { old: anthropic/claude-2.1 }
        chains: { both: { models: [openai/gpt-5.6-sol, openai/gpt-4, openai/gpt-4o] } }
        """;

    [Theory]
    [InlineData("anthropic/claude-2.1", "anthropic/claude-sonnet-4-6", "claude-2.1")]
    [InlineData("anthropic/claude-3-opus", "anthropic/claude-opus-4-8", "claude-3-opus")]
    [InlineData("claude-3-opus", "anthropic/claude-opus-4-8", "claude-3-opus")]
    [InlineData("claude-3-haiku", "anthropic/claude-haiku-4-5-20251001", "claude-3-haiku")]
    [InlineData("claude-3-opus-latest", "anthropic/claude-opus-4-8", "claude-3-opus-latest")]
    [InlineData("mistral-tiny", "mistral/ministral-8b-latest", "mistral-tiny")]
    [InlineData("gemini-pro", "google/gemini-3.1-pro-preview", "gemini-pro")]
    [InlineData("gemini-1.5-pro", "google/gemini-3.1-pro-preview", "gemini-1.5-pro")]
    [InlineData("gpt-4-turbo", "openai/gpt-5.6-sol", "gpt-4-turbo")]
    [InlineData("openai/gpt-4-turbo-2024-04-09", "openai/gpt-5.6-sol", "gpt-4-turbo-2024-04-09")]
    [InlineData("gpt-3.5-turbo", "openai/gpt-5.6-terra", "gpt-3.5-turbo")]
    [InlineData("old", "anthropic/claude-sonnet-4-6", "claude-2.1")]
    public void Resolve_RetiredModel_IsItsSuccessor(string name, string called, string retired)
    {
        var deployment = First(House, name);

        deployment.PublicName.ShouldBe(called);
        deployment.Replaces.ShouldBe(retired);
    }

    [Theory]
    [InlineData("openai/gpt-4-32k", "gpt-4-32k")] // the user lists it
    [InlineData("kept", "gpt-4-32k")]
    [InlineData("openai/gpt-4o", "gpt-4o")] // alive
    [InlineData("openai/gpt-4o-search-preview", "gpt-4o-search-preview")] // legacy, and nobody names a successor
    [InlineData("openai/o1-pro", "o1-pro")] // deprecated, and nobody names a successor
    [InlineData("openai/gpt-99", "gpt-99")] // nobody ever heard of it
    [InlineData("house/gpt-4", "gpt-4")] // a server of one's own has what it says it has
    [InlineData("cohere/embed-english-v2.0", "embed-english-v2.0")]
    public void Resolve_AnyOtherModel_GoesThroughUnchanged(string name, string model)
    {
        var deployment = First(House, name);

        deployment.Model.ShouldBe(model);
        deployment.Replaces.ShouldBeNull();
    }

    [Fact]
    public void Resolve_SuccessorThatIsListed_KeepsWhatTheUserSaysOfIt()
    {
        var deployment = First(House, "openai/gpt-3.5-turbo");

        deployment.Name.ShouldBe("terra");
        deployment.Parameters!.Temperature.ShouldBe(0.5);
        deployment.Replaces.ShouldBe("gpt-3.5-turbo");
        First(House, "terra").Replaces.ShouldBeNull();
    }

    [Fact]
    public void Resolve_OnlyListedProvider_ReplacesNothing() =>
        NameResolverTests
            .Resolver(House)
            .Resolve("own/gpt-4", Operation.Chat, Wishes.None)
            .Error!.Message.ShouldContain("only the models that configuration lists");

    [Fact]
    public void Resolve_SomebodyStillHasIt_IsAskedInsteadOfASuccessor()
    {
        const string Both = """
            providers:
              openai: { api_keys: [k] }
              azure: { base_url: "https://me.openai.azure.com", api_keys: [k], api_version: "2024-10-21" }
            """;

        var decision = Resolve(Both, "gpt-4");

        decision.Chain.ShouldHaveSingleItem().Provider.Name.ShouldBe("azure");
        decision.Chain[0].Replaces.ShouldBeNull();
    }

    [Fact]
    public void Resolve_ChainWithASuccessorTwice_TriesItOnce() =>
        Resolve(House, "chain:both")
            .Chain.Select(static deployment => deployment.PublicName)
            .ShouldBe(["openai/gpt-5.6-sol", "openai/gpt-4o"]);

    [Fact]
    public void Catalog_EverySuccessor_IsAliveAndChats()
    {
        var retired = ModelCatalog
            .Default.Models.Where(static model => model.Successor is not null)
            .ToList();

        retired.Count.ShouldBeGreaterThan(40);
        foreach (var model in retired)
        {
            var successor = ModelCatalog
                .Default.Find(model.Provider, model.Successor!)
                .ShouldNotBeNull(model.Id);
            successor.Kind.ShouldBe(ModelKind.Chat, model.Id);
            successor.Status.ShouldBe(ModelStatus.Active, model.Id);
        }
    }

    [Fact]
    public void Successor_EmbeddingModel_IsNever() =>
        new ModelEntry
        {
            Provider = "p",
            Id = "e",
            Model = "e",
            Kind = ModelKind.Embedding,
            Status = ModelStatus.Deprecated,
            Replacement = "f",
        }.Successor.ShouldBeNull();

    private static Deployment First(string house, string name) => Resolve(house, name).Chain[0];

    private static RoutingDecision Resolve(string house, string name)
    {
        var (decision, error) = NameResolverTests
            .Resolver(house)
            .Resolve(name, Operation.Chat, Wishes.None);
        return decision.ShouldNotBeNull(error?.Message);
    }
}
