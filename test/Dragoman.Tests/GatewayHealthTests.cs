using Dragoman.Native;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests;

/// <summary>Health and offline mode of a gateway in this process, without a server.</summary>
public sealed class GatewayHealthTests
{
    [Fact]
    public async Task CheckHealth_InProcess_KnowsNothingUntilItAsks()
    {
        await using var house = await HouseServer.OpenAIAsync("m");
        await using var gateway = Gateway.Create(builder =>
            builder
                .UseEnvironment(static _ => null)
                .UseConfiguration(
                    $$"""providers: { house: { dialect: openai, base_url: "{{house.Address}}/v1" }, gone: { dialect: openai, base_url: "http://127.0.0.1:1/v1" } }"""
                )
        );

        (await gateway.CheckHealthAsync()).Status.ShouldBe("unknown");
        var info = await gateway.CheckHealthAsync(now: true);

        info.Status.ShouldBe("degraded");
        info.Providers.Select(static provider => (provider.Provider, provider.Available))
            .ShouldBe([("gone", false), ("house", true)]);
    }

    [Fact]
    public async Task Complete_InOfflineMode_LetsNothingOut()
    {
        await using var gateway = Gateway.Create(static builder =>
            builder
                .UseEnvironment(static name =>
                    name is "LLM_LOCAL_ONLY" ? "true"
                    : name is "OPENAI_API_KEY" ? "sk-1"
                    : null
                )
                .UseConfiguration(
                    "models: [ { name: lie, provider: openai, model: gpt-4o, source: local } ]"
                )
        );

        var failure = await Should.ThrowAsync<GatewayException>(() =>
            gateway.CompleteAsync("Hello", new CompletionOptions { Model = "lie" })
        );

        failure.Message.ShouldContain("offline mode: api.openai.com is outside the house");
        (await gateway.CheckHealthAsync(now: true)).LocalOnly.ShouldBeTrue();
    }
}
