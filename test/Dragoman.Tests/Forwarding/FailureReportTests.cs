using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

public sealed class FailureReportTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(7);

    [Fact]
    public void ToError_OneThatRestedAndIsUnfit_IsTheRequestsFault()
    {
        var report = new FailureReport();
        report.Resting(Rest, isLimited: true);
        report.Unfit();

        var error = report.ToError(
            "mine",
            [new SkipRecord("a/b", "cooling down"), new SkipRecord("a/b", "it has no embeddings")],
            static () => []
        );

        error.Kind.ShouldBe(GatewayErrorKind.InvalidRequest);
        error.Code.ShouldBe("not_carried");
        error.RetryAfter.ShouldBeNull();
        error.Message.ShouldBe(
            "No deployment of 'mine' can carry what this request asks for (a/b: it has no embeddings)."
        );
    }

    [Fact]
    public void ToError_AnotherRests_MayBeTriedAgainLater()
    {
        var report = new FailureReport();
        report.Resting(Rest, isLimited: true);
        report.Unfit();

        var error = report.ToError(
            "mine",
            [new SkipRecord("a/b", "cooling down"), new SkipRecord("c/d", "it has no embeddings")],
            static () => []
        );

        error.Kind.ShouldBe(GatewayErrorKind.RateLimited);
        error.RetryAfter.ShouldBe(Rest);
    }
}
