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
    public void Resolve_AutoWithSeveral_TakesTheBestOfEachProvider()
    {
        const string House = """
            providers:
              mistral: { api_keys: [k] }
              openai: { api_keys: [k] }
              house: { dialect: openai, base_url: "http://10.0.0.1/v1" }
            models: [{ name: llama, provider: house }]
            """;

        // Nothing is known of the house's llama.
        Providers(Resolve(House, "auto")).ShouldBe("openai mistral house");
        Providers(Resolve(House + "\ndefaults: { provider: mistral }", "auto"))
            .ShouldBe("mistral openai house");
        Providers(Resolve(House + "\ndefaults: { prefer_local: true }", "auto"))
            .ShouldBe("house openai mistral");
        Providers(Resolve(House + "\ndefaults: { local_only: true }", "auto")).ShouldBe("house");
        Providers(Resolve(House + "\ndefaults: { fallback: false }", "auto")).ShouldBe("openai");
        Providers(Resolve(House, "auto", new Wishes { Fallback = [] })).ShouldBe("openai");
        Providers(Resolve(House, "auto", new Wishes { RequiredCapabilities = ["vision"] }))
            .ShouldNotContain("house");
    }

    [Theory]
    [InlineData("auto:cost_optimized")]
    [InlineData("auto:latency_optimized")]
    [InlineData("auto:quality_optimized")]
    [InlineData("auto:local_first")]
    [InlineData("auto:priority")]
    [InlineData("auto:capability_match")]
    [InlineData("auto:balanced")]
    public void Resolve_AutoByAStrategy_SaysWhatDecided(string name)
    {
        const string House = """
            providers: { mistral: { api_keys: [k] }, openai: { api_keys: [k] } }
            models: [{ name: own, provider: mistral, model: mistral-large-latest }]
            """;

        var decision = Resolve(House, name);

        decision.Strategy.ShouldBe(name["auto:".Length..]);
        decision.Reason.ShouldStartWith($"auto, {decision.Strategy}: ");
        decision.Reason.ShouldContain(decision.Chain[0].PublicName);
        // Of a provider whose models are listed, those alone.
        decision
            .Chain.Where(static deployment => deployment.Provider.Name == "mistral")
            .ShouldAllBe(static deployment => deployment.Name == "own");
        decision.Chain.Count.ShouldBeInRange(2, 3);
        Providers(decision).ShouldContain("mistral");
        Providers(decision).ShouldContain("openai");
    }

    [Fact]
    public void Resolve_AutoByCost_TakesWhatIsCheapestOfAllThatIsOffered()
    {
        const string House = "providers: { openai: { api_keys: [k] } }";

        var cheapest = Resolve(House, "auto:cost_optimized").Chain;

        cheapest.Count.ShouldBe(2);
        // One that does not think for its answer: thoughts cost what answers cost.
        cheapest[0].Prices!.Input!.Value.ShouldBeLessThanOrEqualTo(0.15m);
        Resolve(House, "auto:quality_optimized")
            .Chain[0]
            .Quality!.Overall.ShouldBeGreaterThan(cheapest[0].Quality!.Overall + 20);
    }

    [Fact]
    public void Resolve_AutoInTheDemo_NamesTheFiguresThatDecided()
    {
        var decision = Asked
            .Demo()
            .Resolve(Asked.Exchange("auto:cost_optimized", maxTokens: 12))
            .Decision!;

        // 5 tokens at $0.15 and 12 at $0.6 per million; coder costs the same and is better.
        decision.Reason.ShouldBe(
            "auto, cost_optimized: demo/coder at $0.00000795 is the cheapest of 3"
        );
        Asked.Chain(decision).ShouldBe("demo/coder demo/swift");
    }

    [Fact]
    public void Resolve_Auto_NeverChoosesADearOneUnaskedNorOneForAnotherTask()
    {
        const string House =
            "providers: { openai: { api_keys: [k] }, xai: { api_keys: [k] }, openrouter: { api_keys: [k] } }";

        foreach (var name in new[] { "auto", "auto:cost_optimized", "auto:local_first" })
        foreach (var deployment in Resolve(House, name).Chain)
        {
            deployment.Prices!.Input!.Value.ShouldBeLessThanOrEqualTo(5);
            ChatModels.IsSpecial(deployment.Model).ShouldBeFalse(deployment.Model);
        }
    }

    [Fact]
    public void Resolve_AutoWithAnImage_TakesOneThatSees()
    {
        const string Body =
            """{"model":"auto","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}""";
        var bytes = System.Text.Encoding.UTF8.GetBytes(Body);
        RequestEnvelope.TryRead(bytes, out var envelope, out _).ShouldBeTrue();
        var names = NameResolverTests.Resolver(
            "providers: { openai: { api_keys: [k] }, groq: { api_keys: [k] }, mistral: { api_keys: [k] } }"
        );
        var blank = Asked.Exchange("auto");

        var decision = names
            .Resolve(
                new Exchange
                {
                    Id = blank.Id,
                    Dialect = blank.Dialect,
                    Operation = Operation.Chat,
                    Body = bytes,
                    Envelope = envelope!,
                    Snapshot = blank.Snapshot,
                    Reply = blank.Reply,
                    StartTimestamp = 0,
                    StartedAt = blank.StartedAt,
                    ClientGone = CancellationToken.None,
                }
            )
            .Decision!;

        decision.Chain.ShouldAllBe(static deployment => deployment.Capabilities.Vision != false);
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
    public void Resolve_LocalOnlyInTheDemo_HasNoneThatOnlyMisbehaves()
    {
        Asked
            .Chain(Asked.Demo().Resolve(Asked.Exchange("chain:local_only")).Decision!)
            .ShouldBe("demo/sage demo/coder demo/swift");
        Asked
            .Chain(
                Asked
                    .Demo(
                        "providers: { house: { dialect: openai, base_url: \"http://10.0.0.1/v1\" } }\nmodels: [{ name: llama, provider: house }]"
                    )
                    .Resolve(Asked.Exchange("chain:local_only"))
                    .Decision!
            )
            .ShouldBe("house/llama");
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
