using Dragoman.Catalog;
using Dragoman.Forwarding;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

public sealed class DeadlinesTests
{
    [Theory]
    // Reasoning, local, another remains: first content and attempt in seconds.
    [InlineData(null, false, false, 120, 120)]
    [InlineData(null, false, true, 10, 120)]
    [InlineData(false, false, true, 10, 120)]
    [InlineData(true, false, false, 300, 300)]
    [InlineData(true, false, true, 300, 300)]
    [InlineData(null, true, false, 300, 300)]
    [InlineData(null, true, true, 300, 300)]
    public void For_NothingSaid_TakesTheUsualOfTheKind(
        bool? reasoning,
        bool local,
        bool another,
        int firstContent,
        int attempt
    ) =>
        Deadlines
            .For(ForwardingSettings.Default, Of(reasoning, local), another)
            .ShouldBe(
                new Deadlines(
                    TimeSpan.FromSeconds(10),
                    TimeSpan.FromSeconds(firstContent),
                    TimeSpan.FromSeconds(60),
                    TimeSpan.FromSeconds(attempt)
                )
            );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void For_TheRouteSays_TakesThat(bool another) =>
        Deadlines
            .For(
                new ForwardingSettings
                {
                    Connect = TimeSpan.FromSeconds(1),
                    FirstContent = TimeSpan.FromSeconds(2),
                    Idle = TimeSpan.FromSeconds(3),
                    Attempt = TimeSpan.FromSeconds(4),
                },
                Of(true, true, TimeSpan.FromSeconds(99)),
                another
            )
            .ShouldBe(
                new Deadlines(
                    TimeSpan.FromSeconds(1),
                    TimeSpan.FromSeconds(2),
                    TimeSpan.FromSeconds(3),
                    TimeSpan.FromSeconds(4)
                )
            );

    [Fact]
    public void For_TheDeploymentsTimeout_IsTheAttemptsLimit()
    {
        var deadlines = Deadlines.For(
            ForwardingSettings.Default,
            Of(null, false, TimeSpan.FromSeconds(15)),
            anotherRemains: false
        );

        deadlines.Attempt.ShouldBe(TimeSpan.FromSeconds(15));
        deadlines.FirstContent.ShouldBe(TimeSpan.FromSeconds(15));
    }

    private static Deployment Of(bool? reasoning, bool local, TimeSpan? timeout = null) =>
        new()
        {
            Name = "p/m",
            Provider = new Provider
            {
                Name = "p",
                Type = new ProviderType { Name = "p", Dialect = "openai" },
                Dialect = "openai",
                BaseUrl = new Uri("http://127.0.0.1:1/v1"),
                Keys = KeyPool.None(),
            },
            Model = "m",
            Capabilities = new ModelCapabilities { Reasoning = reasoning },
            Local = local,
            Timeout = timeout,
            State = new DeploymentState("p/m"),
        };
}
