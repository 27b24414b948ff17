using System.Net;
using Dragoman.Server.Hosting;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

public sealed class HealthTests
{
    [Theory]
    [InlineData("/health/live", "live")]
    [InlineData("/health/ready", "ready")]
    public async Task Health_StartedServer_IsLiveAndReady(string path, string status)
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.JsonAsync()).GetProperty("status").GetString().ShouldBe(status);
    }

    [Fact]
    public void Readiness_BeforeStart_NamesIt()
    {
        new Readiness(static () => null).Reasons().ShouldBe(["starting"]);
    }

    [Fact]
    public void Readiness_DrainingAndStoreFailing_NamesBoth()
    {
        var readiness = new Readiness(static () => "the store fails");
        readiness.Started();

        readiness.Draining();

        readiness.Reasons().Count.ShouldBe(2);
        readiness.Reasons()[1].ShouldBe("the store fails");
    }
}
