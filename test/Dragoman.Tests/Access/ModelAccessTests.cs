using Dragoman.Access;
using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class ModelAccessTests
{
    [Theory]
    [InlineData("openai/gpt-4o", "openai", "gpt-4o", true)]
    [InlineData("openai/*", "openai", "gpt-4o", true)]
    [InlineData("openai/gpt-4o", "openai", "gpt-4o-mini", false)]
    [InlineData("openai/gpt-4o", "azure", "gpt-4o", false)]
    [InlineData("gpt-4o", "azure", "gpt-4o", true)]
    [InlineData("gpt-4o", "openai", "gpt-4o-mini", false)]
    [InlineData("*", "azure", "anything/at:all", true)]
    // A model whose own name begins like a provider's is not that provider's.
    [InlineData("openai/*", "openrouter", "openai/gpt-4o", false)]
    [InlineData("openrouter/openai/*", "openrouter", "openai/gpt-4o", true)]
    [InlineData("open*", "openai", "gpt-4o", false)]
    // Neither case nor blanks are nothing: what is not written so is something else.
    [InlineData("openai/gpt-4o", "openai", "GPT-4o", false)]
    [InlineData("openai/gpt-4o", "openai", "gpt-4o ", false)]
    [InlineData("openai/gpt-4?", "openai", "gpt-4o", false)]
    public void WhyNot_ByModel_IsAsWritten(
        string pattern,
        string provider,
        string model,
        bool isAllowed
    ) =>
        (ModelAccess.Of([pattern], null, null)!.WhyNot(Of(provider, model)) is null).ShouldBe(
            isAllowed
        );

    [Fact]
    public void WhyNot_ByModelAndProvider_NeedsBoth()
    {
        var access = ModelAccess.Of(["gpt-*"], ["openai", "azure"], null)!;

        access.WhyNot(Of("azure", "gpt-4o")).ShouldBeNull();
        access.WhyNot(Of("openrouter", "gpt-4o")).ShouldBe("this key may use openai, azure only");
        access.WhyNot(Of("openai", "o3")).ShouldBe("this key may call gpt-* only");
    }

    [Fact]
    public void WhyNot_ByADeploymentsName_IsThatDeployment()
    {
        var access = ModelAccess.Of(["house-fast"], null, null)!;

        access.WhyNot(Of("ollama", "llama3", name: "house-fast")).ShouldBeNull();
        access.WhyNot(Of("ollama", "llama3")).ShouldNotBeNull();
    }

    [Fact]
    public void Of_TheSameLists_AreEqual()
    {
        var one = ModelAccess.Of(["a/b"], ["c"], null);

        one.ShouldBe(ModelAccess.Of(["a/b"], ["c"], null));
        one!.GetHashCode().ShouldBe(ModelAccess.Of(["a/b"], ["c"], null)!.GetHashCode());
        one.ShouldNotBe(ModelAccess.Of(["a/b"], null, ["c"]));
        one.ShouldNotBe(ModelAccess.Of(["a/b"], ["c"], []));
        ModelAccess.Of(null, null, null).ShouldBeNull();
    }

    private static Deployment Of(string provider, string model, string? name = null) =>
        new()
        {
            Name = name ?? provider + "/" + model,
            Model = model,
            State = new DeploymentState(provider + "/" + model),
            Provider = new Provider
            {
                Name = provider,
                Type = ProviderTypes.Default.Find("openai")!,
                Dialect = "openai",
                BaseUrl = new Uri("http://upstream.invalid/v1"),
                Keys = new KeyPool([]),
            },
        };
}
