using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public class ProviderTypesTests
{
    public static TheoryData<string> Names =>
        [
            "openai",
            "anthropic",
            "google",
            "vertex",
            "azure",
            "mistral",
            "xai",
            "perplexity",
            "deepseek",
            "together",
            "qwen",
            "groq",
            "openrouter",
            "cohere",
            "fireworks",
            "ollama",
            "lmstudio",
            "vllm",
            "demo",
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_EveryPromisedProvider_IsWellFormed(string name)
    {
        var type = ProviderTypes.Default.Find(name);
        type.ShouldNotBeNull();
        type.Name.ShouldBe(name);
        type.Dialect.ShouldNotBeNullOrEmpty();
        type.Source.ShouldNotBeNullOrEmpty();
        if (type.DefaultPath is { Length: > 0 } path)
            path.ShouldStartWith("/");
        type.DefaultPath.ShouldNotEndWith("/");
        if (type.ModelsPath is { } models)
            models.ShouldStartWith("/");
        if (type.BaseUrl is { } url)
        {
            var address = new Uri(url);
            address.AbsolutePath.TrimEnd('/').ShouldBe(type.DefaultPath);
            url.ShouldNotEndWith("/");
            (address.Scheme == "https" || address.IsLoopback).ShouldBeTrue();
        }
        if (name != "demo")
        {
            type.KeyVariables.ShouldNotBeEmpty();
            type.BaseUrlVariables.ShouldContain(name.ToUpperInvariant() + "_BASE_URL");
        }
    }

    [Fact]
    public void All_Types_AreThePromisedOnes() =>
        ProviderTypes
            .Default.All.Select(static t => t.Name)
            .ShouldBe(Names.Select(static r => r.Data), true);

    [Theory]
    [InlineData("gemini", "google")]
    [InlineData("grok", "xai")]
    [InlineData("togetherai", "together")]
    [InlineData("dashscope", "qwen")]
    [InlineData("alibaba", "qwen")]
    [InlineData("llmstudio", "lmstudio")]
    [InlineData("claude", "anthropic")]
    [InlineData("OpenAI", "openai")]
    public void Find_Alias_IsItsType(string alias, string name) =>
        ProviderTypes.Default.Find(alias)?.Name.ShouldBe(name);

    [Fact]
    public void Find_UnknownName_IsNull() => ProviderTypes.Default.Find("nobody").ShouldBeNull();

    [Fact]
    public void Quirks_AsSeenInTraffic_AreKept()
    {
        ProviderTypes
            .Default.All.Where(static t => !t.StreamOptions)
            .Select(static t => t.Name)
            .ShouldBe(["perplexity", "mistral"], true);
        ProviderTypes
            .Default.All.Where(static t => t.ReportsCost)
            .Select(static t => t.Name)
            .ShouldBe(["xai", "perplexity", "openrouter"], true);
        ProviderTypes.Default.Find("xai")!.ReasoningOutsideCompletion.ShouldBeTrue();
        ProviderTypes.Default.Find("openai")!.ReasoningOutsideCompletion.ShouldBeFalse();
        ProviderTypes.Default.Find("mistral")!.Prefill.ShouldBe(PrefillStyle.Prefix);
        ProviderTypes.Default.Find("openai")!.Prefill.ShouldBe(PrefillStyle.None);
        ProviderTypes.Default.Find("perplexity")!.BaseUrl.ShouldBe("https://api.perplexity.ai");
        ProviderTypes
            .Default.Find("openai")!
            .Headers.ShouldContain(
                new ProviderHeader("OpenAI-Organization", "organization", "OPENAI_ORGANIZATION")
            );
    }
}
