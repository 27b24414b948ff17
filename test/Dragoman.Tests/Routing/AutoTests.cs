using Dragoman.Configuration;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Tests.Configuration;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

public sealed class AutoTests
{
    [Theory]
    [InlineData("OPENAI_API_KEY")]
    [InlineData("MISTRAL_API_KEY")]
    [InlineData("XAI_API_KEY")]
    [InlineData("PERPLEXITY_API_KEY")]
    [InlineData("DEEPSEEK_API_KEY")]
    [InlineData("TOGETHER_API_KEY")]
    [InlineData("QWEN_API_KEY")]
    [InlineData("GROQ_API_KEY")]
    [InlineData("OPENROUTER_API_KEY")]
    [InlineData("COHERE_API_KEY")]
    [InlineData("FIREWORKS_API_KEY")]
    public void Resolve_AutoWithOneKey_PicksAnAffordableChatModel(string variable)
    {
        var decision = Resolve("", "auto", environment: (variable, "k"));

        decision.Chain.Count.ShouldBe(1);
        decision.Chain[0].Prices!.Input!.Value.ShouldBeInRange(0, 5);
        decision.Pinned.ShouldBeFalse();
    }

    [Fact]
    public void Resolve_AutoWithSeveral_TakesTheFirstAndFallsBackOnTheOthers()
    {
        const string House = """
            providers:
              mistral: { api_keys: [k] }
              openai: { api_keys: [k] }
              house: { dialect: openai, base_url: "http://10.0.0.1/v1" }
            models: [{ name: llama, provider: house }]
            """;

        Providers(Resolve(House, "auto")).ShouldBe("mistral openai house");
        Providers(Resolve(House + "\ndefaults: { provider: openai }", "auto"))
            .ShouldBe("openai mistral house");
        Providers(Resolve(House + "\ndefaults: { prefer_local: true }", "auto"))
            .ShouldBe("house mistral openai");
        Providers(Resolve(House + "\ndefaults: { local_only: true }", "auto")).ShouldBe("house");
        Providers(Resolve(House + "\ndefaults: { fallback: false }", "auto")).ShouldBe("mistral");
        Providers(Resolve(House, "auto", new Wishes { Fallback = [] })).ShouldBe("mistral");
        Providers(Resolve(House, "auto", new Wishes { RequiredCapabilities = ["vision"] }))
            .ShouldNotContain("house");
    }

    [Theory]
    [InlineData("defaults: { model: house/b }")]
    [InlineData("defaults: { model: b }\naliases: { b: house/b }")]
    [InlineData("models: [{ name: x, provider: house, model: b, is_default: true }]")]
    public void Resolve_AutoWithADefaultModel_TakesIt(string said)
    {
        var decision = Resolve(
            "providers: { openai: { api_keys: [k] }, house: { dialect: openai, base_url: \"http://10.0.0.1/v1\" } }\n"
                + said,
            "auto"
        );

        decision.Chain[0].PublicName.ShouldBe("house/b");
        decision.Pinned.ShouldBeFalse();
        decision.Reason.ShouldStartWith("auto");
    }

    [Fact]
    public void Resolve_AutoForEmbeddings_TakesAnEmbeddingModel()
    {
        var decision = Resolve(
            "providers: { openai: { api_keys: [k] } }",
            "auto",
            operation: Operation.Embeddings
        );

        decision.Chain[0].Capabilities.Embeddings.ShouldBe(true);
    }

    [Fact]
    public void Resolve_AutoWithDemo_TakesItOnlyWhereNothingIsReal()
    {
        Providers(Resolve("", "auto", demo: true)).ShouldBe("demo");
        Providers(Resolve("providers: { openai: { api_keys: [k] } }", "auto", demo: true))
            .ShouldBe("openai");
    }

    [Theory]
    [InlineData("demo/swift", "swift")]
    [InlineData("demo/sage", "sage")]
    [InlineData("demo/fault-cut", "fault-cut")]
    [InlineData("swift", "swift")]
    public void Resolve_DemoModel_IsPricedAndLocal(string name, string model)
    {
        var deployment = Resolve("", name, demo: true).Chain[0];

        deployment.Model.ShouldBe(model);
        deployment.Local.ShouldBeTrue();
        deployment.Prices!.Input.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("high_quality", "openai/gpt- mistral/mistral-large")]
    [InlineData("cost_optimized", "openai/gpt- mistral/mistral-small ollama/qwen2.5-coder:7b")]
    [InlineData("fast_latency", "openai/gpt- ollama/qwen2.5-coder:7b")]
    [InlineData("code_generation", "openai/gpt- ollama/qwen2.5-coder:7b")]
    [InlineData("local_only", "ollama/qwen2.5-coder:7b ollama/llama3.2:3b ollama/tiny")]
    public void Resolve_PredefinedChain_IsPlayedByTheNewestOfEachFamily(
        string chain,
        string expected
    )
    {
        var decision = Resolve(
            """
            providers:
              openai: { api_keys: [k] }
              mistral: { api_keys: [k] }
              ollama: { only_listed: true }
            models:
              - { name: tiny, provider: ollama }
              - { name: "llama3.2:3b", provider: ollama }
              - { name: "qwen2.5-coder:7b", provider: ollama }
              - { name: "gpt-oss:120b-cloud", provider: ollama }
              - { name: nomic-embed-text, provider: ollama }
            """,
            "chain:" + chain
        );

        var names = decision.Chain.Select(static deployment => deployment.PublicName).ToList();
        names.Count.ShouldBe(expected.Split(' ').Length);
        foreach (var (name, part) in names.Zip(expected.Split(' ')))
            name.ShouldStartWith(part);
        if (chain != "local_only")
            decision.Excluded.ShouldContain(static skip => skip.Deployment.StartsWith("anthropic"));
    }

    [Fact]
    public void Resolve_PredefinedChains_AreMadeOfTheRightOpenAIModels()
    {
        const string OpenAI = "providers: { openai: { api_keys: [k] } }";

        Resolve(OpenAI, "chain:high_quality").Chain[0].Model.ShouldBe("gpt-6.1-sol");
        Resolve(OpenAI, "chain:cost_optimized").Chain[0].Model.ShouldBe("gpt-5.4-mini");
    }

    private static string Providers(RoutingDecision decision) =>
        string.Join(' ', decision.Chain.Select(static deployment => deployment.Provider.Name));

    private static RoutingDecision Resolve(
        string text,
        string name,
        Wishes? wishes = null,
        Operation operation = Operation.Chat,
        bool demo = false,
        (string Name, string Value)? environment = null
    )
    {
        using var sources = new TestSources();
        if (environment is var (variable, value))
            sources.Environment[variable] = value;
        sources.Write(text);
        using var snapshots = sources.Snapshots(s =>
            demo
                ? s with
                {
                    Demo = new DemoProvider(
                        new Uri("http://127.0.0.1:9/v1"),
                        ["swift", "sage", "coder", "embed", "fault-cut"]
                    ),
                }
                : s
        );
        var report = snapshots.Reload();
        report.IsApplied.ShouldBeTrue(string.Join("\n", report.Mistakes));
        var (decision, error) = snapshots.Current.Names.Resolve(
            name,
            operation,
            wishes ?? Wishes.None
        );
        return decision.ShouldNotBeNull(error?.Message);
    }
}
