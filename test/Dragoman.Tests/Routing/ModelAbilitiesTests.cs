using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

public sealed class ModelAbilitiesTests
{
    private const string House = """
        providers:
          openai: { api_keys: [k] }
          house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
        models:
          - { name: poet, provider: house, model: verse-7b, capabilities: [creative, tools] }
          - { name: old, provider: openai, model: gpt-4-0613, capabilities: [math] }
        """;

    [Theory]
    [InlineData("openai/gpt-4o", "code", null)] // 50.4
    [InlineData("openai/gpt-4o", "math", "not good enough at math")] // 47.7
    [InlineData("openai/gpt-4o", "translation", null)] // 51.0
    [InlineData("openai/gpt-4o", "multilingual", null)] // as it translates
    [InlineData("openai/gpt-4o", "creative", "not good enough at creative")] // 49.4
    [InlineData("house/unknown-7b", "code", "not known to have code")]
    [InlineData("house/Qwen/Qwen2.5-72B-Instruct", "math", "not good enough at math")] // by its name
    [InlineData("poet", "creative", null)] // configuration says so
    [InlineData("poet", "code", "not known to have code")]
    [InlineData("old", "math", null)]
    public void Resolve_RequiredSoftCapability_NeedsQualityOrAWord(
        string name,
        string capability,
        string? why
    )
    {
        var (decision, error) = NameResolverTests
            .Resolver(House)
            .Resolve(
                name,
                Operation.Chat,
                Wishes.None with
                {
                    RequiredCapabilities = [capability],
                    Fallback = [],
                }
            );

        if (why is null)
            decision.ShouldNotBeNull(error?.Message);
        else
            error!.Message.ShouldContain(why);
    }

    [Theory]
    [InlineData("tools", true)]
    [InlineData("long_context", true)]
    [InlineData("web_search", null)]
    [InlineData("offline", false)]
    [InlineData("streaming", true)]
    [InlineData("code", true)]
    [InlineData("math", false)]
    public void Has_CatalogsRow_TellsTheSameAsItsDeployment(string capability, bool? has)
    {
        var entry = ModelCatalog.Default.Find("openai", "gpt-4o")!;
        var deployment = NameResolverTests
            .Resolver(House)
            .Resolve("openai/gpt-4o", Operation.Chat, Wishes.None)
            .Decision!.Chain[0];

        new ModelAbilities(entry, local: false).Has(capability).ShouldBe(has);
        new ModelAbilities(deployment).Has(capability).ShouldBe(has);
    }

    [Fact]
    public void Words_EveryCapability_HasOneFirstName()
    {
        Capabilities.All.Count.ShouldBe(18);
        Capabilities.All.ShouldBeUnique();
        foreach (var name in Capabilities.All)
        {
            Capabilities.Find(name).ShouldBe(name);
            (Capabilities.TaskOf(name) is not null).ShouldBe(Capabilities.Soft.Contains(name));
        }
        Capabilities.Find("function_calling").ShouldBe("tools");
        Capabilities.Find("local").ShouldBe("offline");
        Capabilities.Find("telepathy").ShouldBeNull();
    }
}
