using Dragoman.Exchanges;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Exchanges;

public sealed class TaskNamesTests
{
    [Theory]
    [InlineData("code", "code")]
    [InlineData("code_generation", "code")]
    [InlineData("coding", "code")]
    [InlineData("qa", "knowledge")]
    [InlineData("creative_writing", "creative")]
    [InlineData("summary", "summarization")]
    [InlineData("conversation", "chat")]
    [InlineData("knitting", null)]
    [InlineData(null, null)]
    public void Find_AnyWord_GivesTheFirstNameOrNone(string? word, string? expected) =>
        TaskNames.Find(word).ShouldBe(expected);

    [Fact]
    public void Words_Every_MeansOneOfTheTen()
    {
        TaskNames.All.Count.ShouldBe(10);
        TaskNames.Words.Select(TaskNames.Find).Distinct().ShouldBe(TaskNames.All);
    }
}
