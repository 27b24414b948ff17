using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Limits;
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

    [Theory]
    [InlineData(30, 5, null, 5)]
    [InlineData(5, 30, null, 5)]
    [InlineData(30, 40, 7, 7)]
    [InlineData(5, 40, 7, 5)]
    [InlineData(null, 40, null, 40)]
    [InlineData(40, null, null, 40)]
    public void ToError_SeveralHaveNoRoom_TellsTheSoonest(
        int? first,
        int? second,
        int? resting,
        int told
    )
    {
        var report = new FailureReport();
        report.Refused(Refusal(first));
        report.Refused(Refusal(second));
        if (resting is { } seconds)
            report.Resting(TimeSpan.FromSeconds(seconds), isLimited: false);

        var error = report.ToError("mine", [], static () => []);

        error.Kind.ShouldBe(GatewayErrorKind.RateLimited);
        error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(told));
    }

    private static AdmissionRefusal Refusal(int? seconds) =>
        new(
            new GatewayError(GatewayErrorKind.RateLimited, "full")
            {
                RetryAfter = seconds is { } known ? TimeSpan.FromSeconds(known) : null,
            },
            "full"
        );

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
