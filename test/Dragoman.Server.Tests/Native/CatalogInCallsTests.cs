using System.Net;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary>What the catalog knows, at work in calls: successors of retired models, and soft capabilities.</summary>
public sealed class CatalogInCallsTests
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData("openai/gpt-4-turbo", "gpt-4-turbo")]
    [InlineData("gpt-4-turbo", "gpt-4-turbo")]
    [InlineData("veteran", "gpt-4")]
    public async Task Chat_RetiredModel_IsAnsweredByItsSuccessorWhichIsTold(
        string name,
        string retired
    )
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { MoreModels = ["gpt-5.6-sol"] }
        );
        await using var server = await ServerUnderTest.StartAsync(
            config: $$"""
            providers: { openai: { base_url: "{{simulator.BaseUrl}}", api_keys: [k] } }
            aliases: { veteran: openai/gpt-4 }
            """
        );

        using var answer = await server.PostAsync(Chat, Hello(name));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        answer.Headers.GetValues("x-dragoman-model").Single().ShouldBe("openai/gpt-5.6-sol");
        answer
            .Headers.GetValues("x-dragoman-changes")
            .Single()
            .ShouldBe($"replaced:{retired}=gpt-5.6-sol");
        var id = answer.Headers.GetValues("x-dragoman-request-id").Single();
        using var found = await server.GetAsync("/api/llm/requests/" + id);
        var record = await found.JsonAsync();
        record.GetProperty("model").GetString().ShouldBe("openai/gpt-5.6-sol");
        record.GetProperty("changes")[0].GetString().ShouldBe($"replaced:{retired}=gpt-5.6-sol");
    }

    [Fact]
    public async Task Chat_RetiredModelThatIsListed_IsCalledAsItIs()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { MoreModels = ["gpt-4"] }
        );
        await using var server = await ServerUnderTest.StartAsync(
            config: $$"""
            providers: { openai: { base_url: "{{simulator.BaseUrl}}", api_keys: [k] } }
            models: [{ name: mine, provider: openai, model: gpt-4 }]
            """
        );

        using var answer = await server.PostAsync(Chat, Hello("openai/gpt-4"));

        answer.Headers.GetValues("x-dragoman-model").Single().ShouldBe("openai/gpt-4");
        answer.Headers.Contains("x-dragoman-changes").ShouldBeFalse();
    }

    [Theory]
    [InlineData("code", "demo/coder", null)]
    [InlineData("math", "demo/sage", null)]
    [InlineData("math", "demo/swift", "demo/swift (not good enough at math)")]
    [InlineData("code", "demo/swift", "demo/swift (not good enough at code)")]
    public async Task Chat_SoftCapability_IsRequired(string capability, string model, string? why)
    {
        await using var server = await ServerUnderTest.StartAsync(configure: static options =>
            options with
            {
                Demo = true,
            }
        );

        using var answer = await server.PostAsync(
            Chat,
            Hello(model),
            ("x-dragoman-required-capabilities", capability)
        );

        if (why is null)
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        else
            (await answer.JsonAsync())
                .GetProperty("error")
                .GetProperty("message")
                .GetString()!
                .ShouldContain(why);
    }

    private static string Hello(string model) =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""";
}
