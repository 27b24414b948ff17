using Dragoman.Access;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("*", "anything/at all", true)]
    [InlineData("openai/gpt-4o", "openai/gpt-4o", true)]
    [InlineData("openai/gpt-4o", "openai/gpt-4o-mini", false)]
    [InlineData("openai/gpt-4o", "OpenAI/gpt-4o", false)]
    [InlineData("openai/*", "openai/gpt-4o", true)]
    [InlineData("openai/*", "openai-eu/gpt-4o", false)]
    [InlineData("openai/*", "openai", false)]
    [InlineData("*/gpt-4o*", "azure/gpt-4o-mini", true)]
    [InlineData("gpt-?", "gpt-4", false)]
    [InlineData("gpt-?*", "gpt-?x", true)]
    [InlineData("a\\b*", "a\\bc", true)]
    [InlineData("a.*", "axb", false)]
    public void Matches_Name_AsThePatternSays(string pattern, string name, bool expected) =>
        new NamePattern(pattern).Matches(name).ShouldBe(expected);
}
