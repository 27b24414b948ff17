using Dragoman.Benchmarks.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Classification;

public sealed class RoutingCurveTests
{
    [Fact]
    public void Of_ScoresThatKnowEverything_RecoverTheGapAtOnce()
    {
        // Ten prompts, of which the strong model alone gets two.
        var curve = RoutingCurve.Of([
            .. Enumerable.Range(0, 10).Select(i => (i < 2 ? 1.0 : 0, i < 2 ? 0.0 : 1, 1.0)),
        ]);

        curve.Cpt50.ShouldBe(0.1, 1e-9);
        curve.Cpt80.ShouldBe(0.16, 1e-9);
        curve.Apgr.ShouldBe(0.9, 1e-9);
        // Nothing, half, and nine times all of it.
        curve.Tenths.ShouldBe(9.5 / 11, 1e-9);
    }

    [Fact]
    public void Of_ScoresThatAreAllAlike_IsChance()
    {
        var curve = RoutingCurve.Of([
            .. Enumerable.Range(0, 10).Select(i => (0.0, i % 3 == 0 ? 0.0 : 1, 1.0)),
        ]);

        curve.Apgr.ShouldBe(0.5, 1e-9);
        curve.Cpt50.ShouldBe(0.5, 1e-9);
        curve.Cpt80.ShouldBe(0.8, 1e-9);
        curve.Tenths.ShouldBe(0.5, 1e-9);
    }
}
