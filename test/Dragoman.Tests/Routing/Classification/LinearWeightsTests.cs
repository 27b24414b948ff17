using Dragoman.Routing.Classification;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Classification;

public sealed class LinearWeightsTests
{
    [Fact]
    public void Score_WrittenAndReadAgain_IsRightWithinAStep()
    {
        var weights = LinearWeights.Read(
            LinearWeights.Write([(7u, [1f, -2f]), (1031u, [0.5f, 0.25f]), (90_000u, [-1f, 2f])])
        );
        var scores = new float[2];

        var known = weights.Score([7u, 1031u, 5u], [1f, 2f, 9f], scores);

        known.ShouldBe(2);
        scores[0].ShouldBe(2f, 0.02f);
        scores[1].ShouldBe(-1.5f, 0.03f);
    }

    [Fact]
    public void Read_OtherFile_IsRefused()
    {
        Should.Throw<InvalidDataException>(() => LinearWeights.Read(new byte[64]));
    }
}
