using Dragoman.Canonical;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Canonical;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["gpt-4o", "gpt-4o-mini", "o3", "routes", "claude"];

    [Theory]
    [InlineData("gpt-4p", "gpt-4o")]
    [InlineData("GPT-4O", "gpt-4o")]
    [InlineData("rotues", "routes")]
    [InlineData("gpt4o-mini", "gpt-4o-mini")]
    [InlineData("zebra", null)]
    [InlineData("", null)]
    public void Of_WrittenName_IsTheOneThatWasMeant(string written, string? meant) =>
        NearestName.Of(written, Known).ShouldBe(meant);

    [Fact]
    public void Of_HugeName_IsNotCompared() =>
        NearestName.Of(new string('x', 100_000), [new string('x', 99_999)]).ShouldBeNull();

    [Fact]
    public void Of_Several_NearestFirst() =>
        NearestName.Of("abcdef", ["abcxef", "abcdeg", "abxxef"], 2).ShouldBe(["abcdeg", "abcxef"]);
}
