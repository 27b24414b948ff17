using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Tests.Configuration;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

public sealed class NameResolverTests
{
    private const string House = """
        providers:
          openai: { api_keys: [k1] }
          groq: { api_keys: [k2] }
          openrouter: { api_keys: [k3] }
          mistral: { api_keys: [k4] }
          house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
          strict: { dialect: openai, base_url: "https://strict.example/v1", only_listed: true }
        models:
          - { name: llama-house, provider: house, model: llama-3.3-70b, priority: 5, fallback_models: [openai/gpt-4o-mini] }
          - { name: strict-one, provider: strict, model: one, priority: 50, capabilities: [tools, vision], context_window: 200000 }
          - { name: gpt-4o-mini, provider: openai, model: gpt-4o-mini-2024-07-18, temperature: 0.1 }
        aliases: { smart: openai/gpt-4o, better: smart, quick: fast, usual: auto, ladder: "chain:mine" }
        routes:
          fast: { models: [openai/gpt-4o-mini, groq/llama-3.1-8b-instant] }
          steady: { strategy: priority, models: [openai/gpt-4o, strict-one, llama-house], retries: 0, recover: continue,
                    timeouts: { connect: 5, first_content: 30, idle: 31, attempt: 120, total: 600 }, breaker: { failures: 3, window: 20, open: 7 } }
          openai/o3: { models: [openai/gpt-4o] }
        chains:
          mine: { models: [openai/gpt-4o, anthropic/claude-sonnet-4-5, strict-one], max_attempts: 4, retry_on: [timeout, content_filter] }
          off: { models: [openai/gpt-4o], active: false }
          cost_optimized: { models: [strict-one] }
          away: { models: [anthropic/claude-sonnet-4-5, claude-haiku-4-5] }
        """;

    [Theory]
    // routes before aliases before deployments before provider/model before bare ids
    [InlineData("fast", "openai/gpt-4o-mini groq/llama-3.1-8b-instant", 2, false)]
    [InlineData("quick", "openai/gpt-4o-mini groq/llama-3.1-8b-instant", 2, false)]
    [InlineData("openai/o3", "openai/gpt-4o", 1, false)]
    [InlineData("smart", "openai/gpt-4o", 1, true)]
    [InlineData("better", "openai/gpt-4o", 1, true)]
    [InlineData("gpt-4o-mini", "openai/gpt-4o-mini-2024-07-18", 1, true)]
    [InlineData("llama-house", "house/llama-3.3-70b openai/gpt-4o-mini", 1, true)]
    [InlineData("house/llama-3.3-70b", "house/llama-3.3-70b openai/gpt-4o-mini", 1, true)]
    [InlineData("openai/gpt-4o", "openai/gpt-4o", 1, true)]
    [InlineData("OpenAI/gpt-4o", "openai/gpt-4o", 1, true)]
    [InlineData("openai/gpt-99", "openai/gpt-99", 1, true)]
    [InlineData("house/org/model:7b", "house/org/model:7b", 1, true)]
    [InlineData("openrouter/openai/gpt-4o:free", "openrouter/openai/gpt-4o:free", 1, true)]
    [InlineData("llama-3.1-8b-instant", "groq/llama-3.1-8b-instant", 1, false)]
    // lower numbers first under the strategy priority, else as listed
    [InlineData("steady", "house/llama-3.3-70b strict/one openai/gpt-4o", 1, false)]
    [InlineData("chain:mine", "openai/gpt-4o strict/one", 1, false)]
    [InlineData("ladder", "openai/gpt-4o strict/one", 1, false)]
    [InlineData("chain:cost_optimized", "strict/one", 1, false)]
    public void Resolve_Name_GivesItsChain(string name, string chain, int equals, bool pinned)
    {
        var decision = Decide(name);

        Chain(decision).ShouldBe(chain);
        decision.BalancedHead.ShouldBe(equals);
        decision.Pinned.ShouldBe(pinned);
        decision.Route.ShouldBe(name);
        decision.Reason.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("", GatewayErrorKind.InvalidRequest, "names no model")]
    [InlineData("gpt-4p", GatewayErrorKind.NotFound, "Did you mean 'gpt-4o'")]
    [InlineData("openay/gpt-4o", GatewayErrorKind.NotFound, "'openai/gpt-4o'")]
    [InlineData(
        "claude-sonnet-4-5",
        GatewayErrorKind.NotFound,
        "No configured provider serves 'claude-sonnet-4-5': anthropic is not configured: set ANTHROPIC_API_KEY"
    )]
    [InlineData(
        "command-r7b-12-2024",
        GatewayErrorKind.NotFound,
        "cohere is not configured: set COHERE_API_KEY"
    )]
    [InlineData(
        "anthropic/claude-sonnet-4-5",
        GatewayErrorKind.NotFound,
        "anthropic is not configured: set ANTHROPIC_API_KEY"
    )]
    [InlineData(
        "together/x",
        GatewayErrorKind.NotFound,
        "together is not configured: set TOGETHER_API_KEY"
    )]
    [InlineData(
        "strict/two",
        GatewayErrorKind.NotFound,
        "only the models that configuration lists"
    )]
    [InlineData("openai/", GatewayErrorKind.NotFound, "does not exist here")]
    [InlineData("/gpt-4o", GatewayErrorKind.NotFound, "does not exist here")]
    [InlineData(
        "auto:cheapest",
        GatewayErrorKind.NotFound,
        "Known are: balanced, capability_match"
    )]
    [InlineData("agent:x", GatewayErrorKind.NotFound, "There is no agent 'x'")]
    [InlineData("chain:nope", GatewayErrorKind.NotFound, "Known are: away, code_generation")]
    [InlineData("chain:off", GatewayErrorKind.NotFound, "switched off")]
    [InlineData(
        "chain:away",
        GatewayErrorKind.Unavailable,
        "anthropic is not configured: set ANTHROPIC_API_KEY"
    )]
    [InlineData("chain:local_only", GatewayErrorKind.Unavailable, "can serve")]
    public void Resolve_NameThatCannotBeCalled_SaysWhy(
        string name,
        GatewayErrorKind kind,
        string message
    )
    {
        var text = name == "chain:local_only" ? "providers: { groq: { api_keys: [k] } }" : House;
        var (decision, error) = Resolver(text).Resolve(name, Operation.Chat, Wishes.None);

        decision.ShouldBeNull();
        error!.Kind.ShouldBe(kind);
        error.Message.ShouldContain(message);
        if (kind is GatewayErrorKind.NotFound)
            error.Code.ShouldBe("model_not_found");
    }

    [Fact]
    public void Resolve_HugeName_IsNotQuotedWhole()
    {
        var error = Resolver(House)
            .Resolve("openai/" + new string('x', 1_000_000), Operation.Chat, Wishes.None)
            .Error!;

        error.Kind.ShouldBe(GatewayErrorKind.NotFound);
        error.Message.Length.ShouldBeLessThan(300);
    }

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("openai/gpt-4o")]
    [InlineData("auto")]
    public void Resolve_NothingConfigured_SaysWhatToDo(string name)
    {
        var error = Resolver("").Resolve(name, Operation.Chat, Wishes.None).Error!;

        error.Message.ShouldContain("OPENAI_API_KEY");
        if (name != "openai/gpt-4o")
            error.Message.ShouldContain("--demo");
    }

    [Fact]
    public void Resolve_Route_CarriesItsSettings()
    {
        var settings = Decide("steady").Settings;

        settings.Retries.ShouldBe(0);
        settings.Recover.ShouldBe(StreamRecovery.Continue);
        settings.Connect.ShouldBe(TimeSpan.FromSeconds(5));
        settings.FirstContent.ShouldBe(TimeSpan.FromSeconds(30));
        settings.Idle.ShouldBe(TimeSpan.FromSeconds(31));
        settings.Attempt.ShouldBe(TimeSpan.FromSeconds(120));
        settings.Total.ShouldBe(TimeSpan.FromSeconds(600));
        settings.Breaker.ShouldBe(
            new BreakerSettings(3, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(7))
        );
    }

    [Fact]
    public void Resolve_Chain_CarriesItsSettingsAndReasons()
    {
        var decision = Decide("chain:mine");

        decision.Settings.MaxAttempts.ShouldBe(4);
        decision.Settings.FallbackOn.ShouldBe(FallbackOn.Timeout | FallbackOn.ContentFilter);
        var left = decision.Excluded.ShouldHaveSingleItem();
        left.Deployment.ShouldBe("anthropic/claude-sonnet-4-5");
        left.Reason.ShouldContain("anthropic is not configured");
    }

    [Fact]
    public void Resolve_Deployment_CarriesWhatTheFileAndTheCatalogSay()
    {
        var own = Decide("gpt-4o-mini").Chain[0];
        own.Name.ShouldBe("gpt-4o-mini");
        own.Parameters!.Temperature.ShouldBe(0.1);
        own.Prices!.Input.ShouldBe(0.15m);

        var catalog = Decide("openai/gpt-4o").Chain[0];
        catalog.Prices!.Input.ShouldBe(2.5m);
        catalog.ContextWindow.ShouldBe(128_000);
        catalog.Capabilities.Tools.ShouldBe(true);

        Decide("openai/gpt-99").Chain[0].Prices.ShouldBeNull();
    }

    [Fact]
    public void Resolve_BareModelOfSeveral_IsBalanced()
    {
        var decision = Decide("gpt-oss-120b");

        decision.Chain.Select(static d => d.Provider.Name).ShouldBe(["groq", "openrouter"]);
        decision
            .Chain.Select(static d => d.Model)
            .ShouldAllBe(id => id.StartsWith("openai/gpt-oss-120b"));
        decision.BalancedHead.ShouldBe(2);
    }

    [Fact]
    public void Resolve_BareModelOfSeveral_PrefersTheDefaultProvider()
    {
        var decision = Resolver(House + "\ndefaults: { provider: openrouter }")
            .Resolve("gpt-oss-120b", Operation.Chat, Wishes.None)
            .Decision!;

        decision.Chain.Select(static d => d.Provider.Name).ShouldBe(["openrouter", "groq"]);
        decision.BalancedHead.ShouldBe(1);
    }

    [Fact]
    public void Resolve_SameNameAgain_GivesTheSameDecisionWithoutAllocating()
    {
        var resolver = Resolver(House);
        var first = resolver.Resolve("fast", Operation.Chat, Wishes.None).Decision;
        var tagged = Wishes.None with { Tags = ["a"] };

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            resolver.Resolve("fast", Operation.Chat, i % 2 == 0 ? Wishes.None : tagged);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
        resolver.Resolve("fast", Operation.Chat, tagged).Decision.ShouldBeSameAs(first);
    }

    [Fact]
    public void Resolve_InventedNames_AreKeptOnlyUpToABound()
    {
        var resolver = Resolver(House);
        for (var i = 0; i < 1100; i++)
            resolver.Resolve($"openai/invented-{i}", Operation.Chat, Wishes.None);

        var early = Twice("openai/invented-3");
        early.First.ShouldBeSameAs(early.Second);
        var late = Twice("openai/invented-1099");
        late.First.ShouldNotBeSameAs(late.Second);
        // Names that somebody configured are kept all the same.
        var known = Twice("steady");
        known.First.ShouldBeSameAs(known.Second);

        (RoutingDecision? First, RoutingDecision? Second) Twice(string name) =>
            (
                resolver.Resolve(name, Operation.Chat, Wishes.None).Decision,
                resolver.Resolve(name, Operation.Chat, Wishes.None).Decision
            );
    }

    [Fact]
    public void List_ConfiguredHouse_NamesEverythingOnceWithItsKind()
    {
        var resolver = Resolver(House);
        var list = resolver.List();

        list.Select(static listed => listed.Id).ShouldBeUnique();
        list.Select(static listed => listed.Id).ShouldBeInOrder();
        Kind("auto").ShouldBe("dragoman");
        Kind("fast").ShouldBe("route");
        Kind("smart").ShouldBe("alias");
        Kind("chain:mine").ShouldBe("chain");
        Kind("chain:high_quality").ShouldBe("chain");
        Kind("llama-house").ShouldBe("house");
        Kind("openai/gpt-4o").ShouldBe("openai");
        Kind("gpt-4o").ShouldBe("model");
        Kind("strict/one").ShouldBe("strict");
        Kind("chain:off").ShouldBeNull();
        Kind("chain:away").ShouldBeNull();
        Kind("anthropic/claude-sonnet-4-5").ShouldBeNull();
        list.Where(static listed => listed.Id.Contains("strict/")).Count().ShouldBe(1);

        string? Kind(string id) => resolver.Find(id)?.OwnedBy;
    }

    [Fact]
    public void List_Everything_CanBeResolved()
    {
        var resolver = Resolver(House);
        foreach (var listed in resolver.List())
        {
            var chat = resolver.Resolve(listed.Id, Operation.Chat, Wishes.None);
            var embeddings = resolver.Resolve(listed.Id, Operation.Embeddings, Wishes.None);
            (chat.Decision ?? embeddings.Decision).ShouldNotBeNull(listed.Id);
        }
    }

    private static RoutingDecision Decide(string name)
    {
        var (decision, error) = Resolver(House).Resolve(name, Operation.Chat, Wishes.None);
        return decision.ShouldNotBeNull(error?.Message);
    }

    private static string Chain(RoutingDecision decision) =>
        string.Join(' ', decision.Chain.Select(static deployment => deployment.PublicName));

    internal static NameResolver Resolver(string text)
    {
        using var sources = new TestSources();
        sources.Write(text);
        using var snapshots = sources.Snapshots();
        var report = snapshots.Reload();
        report.IsApplied.ShouldBeTrue(string.Join("\n", report.Mistakes));
        return snapshots.Current.Names;
    }
}
