using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

public sealed class FallbackTests
{
    private const string House = """
        providers:
          openai: { api_keys: [k1] }
          mistral: { api_keys: [k4] }
          house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
        models:
          - { name: own, provider: openai, model: gpt-4o, fallback_models: [mistral/mistral-small-latest] }
          - { name: dead-end, provider: house, model: x, fallback_models: [mistral/mistral-small-latest, anthropic/claude-opus-4-1] }
        routes:
          pair: { strategy: priority, models: [own, house/llama] }
          three: { models: [house/a, house/b, house/c] }
        chains:
          rescue: { models: [mistral/mistral-large-latest, house/llama], max_attempts: 2 }
        """;

    [Theory]
    // the request's own list comes first of all
    [InlineData("own", "mistral/x", null, "openai/gpt-4o mistral/x")]
    [InlineData("pair", "mistral/x", null, "openai/gpt-4o mistral/x")]
    [InlineData("own", "pair", null, "openai/gpt-4o house/llama")]
    [InlineData("own", "", null, "openai/gpt-4o")]
    [InlineData("pair", "", null, "openai/gpt-4o")]
    [InlineData("own", "mistral/x", "rescue", "openai/gpt-4o mistral/x")]
    // then a chain it names
    [InlineData("own", null, "rescue", "openai/gpt-4o mistral/mistral-large-latest house/llama")]
    [InlineData("house/llama", null, "rescue", "house/llama mistral/mistral-large-latest")]
    [InlineData("auto", null, "rescue", "mistral/mistral-large-latest house/llama")]
    // then the route's members, then the deployment's fallbacks
    [InlineData("pair", null, null, "openai/gpt-4o house/llama")]
    [InlineData("own", null, null, "openai/gpt-4o mistral/mistral-small-latest")]
    // a pinned model gets no other unless somebody asked for it
    [InlineData("mistral/mistral-large-latest", null, null, "mistral/mistral-large-latest")]
    public void Resolve_Fallbacks_FollowTheOrderOfDecision(
        string name,
        string? fallback,
        string? chain,
        string expected
    )
    {
        var decision = Resolve(
            name,
            Wishes.None with
            {
                Fallback = fallback?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                Chain = chain,
            }
        ).Decision!;

        Chain(decision).ShouldBe(expected);
        if (chain is not null && fallback is null)
            decision.Settings.MaxAttempts.ShouldBe(2);
    }

    [Theory]
    [InlineData("pair", null, null, "pair")]
    [InlineData("chain:rescue", null, null, "rescue")]
    [InlineData("own", null, "rescue", "rescue")]
    [InlineData("auto", null, "rescue", "rescue")]
    [InlineData("own", null, null, null)]
    // what the client lists has no name
    [InlineData("pair", "mistral/x", null, null)]
    [InlineData("own", "mistral/x", "rescue", null)]
    public void Resolve_MembersOfAChain_TellItsName(
        string name,
        string? fallback,
        string? chain,
        string? expected
    )
    {
        var wishes = Wishes.None with { Fallback = fallback?.Split(' '), Chain = chain };

        Resolve(name, wishes).Decision!.ChainName.ShouldBe(expected);
    }

    [Fact]
    public void Resolve_OwnFallbackThatIsNotConfigured_IsLeftOutWithTheReason()
    {
        var decision = Resolve("dead-end", Wishes.None).Decision!;

        Chain(decision).ShouldBe("house/x mistral/mistral-small-latest");
        decision.Excluded.ShouldHaveSingleItem().Deployment.ShouldBe("anthropic/claude-opus-4-1");
    }

    [Theory]
    [InlineData("fallback")]
    [InlineData("chain")]
    public void Resolve_UnknownNameInAWish_IsAnErrorThatNamesTheWish(string wish)
    {
        var error = Resolve(
            "own",
            wish == "chain"
                ? Wishes.None with
                {
                    Chain = "nope",
                }
                : Wishes.None with
                {
                    Fallback = ["nope-at-all"],
                }
        ).Error!;

        error.Kind.ShouldBe(GatewayErrorKind.NotFound);
        error.Param.ShouldBe(wish);
    }

    [Fact]
    public void Resolve_BalancedWithoutFallback_TakesThemInTurn()
    {
        var resolver = NameResolverTests.Resolver(House);
        var taken = Enumerable
            .Range(0, 6)
            .Select(_ =>
                Chain(
                    resolver
                        .Resolve("three", Operation.Chat, Wishes.None with { Fallback = [] })
                        .Decision!
                )
            );

        taken.CountBy(static name => name).ShouldAllBe(static pair => pair.Value == 2);
    }

    [Fact]
    public void Resolve_DefaultsWithoutFallback_LeaveOutTheDeploymentsOwn()
    {
        var decision = NameResolverTests
            .Resolver(House + "\ndefaults: { fallback: false }")
            .Resolve("own", Operation.Chat, Wishes.None)
            .Decision!;

        Chain(decision).ShouldBe("openai/gpt-4o");
    }

    [Theory]
    [InlineData("pair", true, null, "house/llama")]
    [InlineData("pair", null, true, "house/llama openai/gpt-4o")]
    [InlineData("pair", false, false, "openai/gpt-4o house/llama")]
    public void Resolve_LocalWishes_AreHonoured(
        string name,
        bool? only,
        bool? prefer,
        string expected
    )
    {
        var decision = Resolve(
            name,
            Wishes.None with
            {
                LocalOnly = only,
                PreferLocal = prefer,
            }
        ).Decision!;

        Chain(decision).ShouldBe(expected);
        decision
            .Excluded.Any(static skip => skip.Reason.Contains("not local"))
            .ShouldBe(only is true);
    }

    [Fact]
    public void Resolve_LocalOnlyOfARemoteModel_IsAnErrorThatSaysSo() =>
        Resolve("mistral/x", Wishes.None with { LocalOnly = true })
            .Error!.Message.ShouldContain("only local ones may serve this");

    [Theory]
    [InlineData("openai/gpt-4o", "tools", null)]
    [InlineData("openai/gpt-4o", "vision", null)]
    [InlineData("openai/gpt-4o", "long_context", null)]
    [InlineData("openai/gpt-4o", "streaming", null)]
    [InlineData("openai/gpt-4o", "offline", "only local ones may serve this")]
    [InlineData("openai/gpt-4o", "embeddings", "has no embeddings")]
    [InlineData("openai/gpt-4o", "web_search", "not known to have web_search")]
    [InlineData("house/llama", "tools", "not known to have tools")]
    [InlineData("house/llama", "long_context", "not known to have long_context")]
    [InlineData("house/llama", "offline", null)]
    public void Resolve_RequiredCapability_MustBeKnown(string name, string capability, string? why)
    {
        var (decision, error) = Resolve(
            name,
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

    private static Resolution Resolve(string name, Wishes wishes) =>
        NameResolverTests.Resolver(House).Resolve(name, Operation.Chat, wishes);

    private static string Chain(RoutingDecision decision) =>
        string.Join(' ', decision.Chain.Select(static deployment => deployment.PublicName));
}
