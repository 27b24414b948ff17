using Dragoman.Routing.Classification;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Classification;

public sealed class CueLexiconTests
{
    private static readonly CueLexicon Lexicon = new(
        """
        # a comment
        [tongue]
        french, ital*, 法语
        [into]
        to {tongue}, 成英文
        [greet]
        good morning, hi, günaydın
        """
    );

    [Theory]
    [InlineData("Hi there", "greet")]
    [InlineData("Good   MORNING!", "greet")]
    [InlineData("GÜNAYDIN", "greet")]
    [InlineData("gunaydin", "greet")]
    [InlineData("put it to French", "into tongue")]
    [InlineData("to Italian", "into tongue")]
    [InlineData("翻译成英文", "into")]
    [InlineData("用法语", "tongue")]
    [InlineData("frenchman", "")]
    [InlineData("good evening, this is history", "")]
    public void Match_Text_FindsWordsStemsAndPhrases(string text, string cues)
    {
        var tokens = new PromptToken[64];
        var count = PromptTokens.Cut(text, tokens);
        var sink = new Names();

        Lexicon.Match(text, tokens.AsSpan(0, count), ref sink);

        string.Join(' ', sink.Found.Order(StringComparer.Ordinal)).ShouldBe(cues);
    }

    [Fact]
    public void Default_EveryCue_HasPhrasesInSeveralScripts()
    {
        CueLexicon.Default.Names.Count.ShouldBeInRange(50, 128);
        CueLexicon.Default.Names.ShouldBeUnique();
    }

    private sealed class Names : CueLexicon.ISink
    {
        public SortedSet<string> Found { get; } = new(StringComparer.Ordinal);

        void CueLexicon.ISink.Found(int cue, int token, int length) =>
            Found.Add(Lexicon.Names[cue]);
    }
}
