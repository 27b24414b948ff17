using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>The baseline of rules and a hashed logistic regression: words, pairs of words, and what the keyword rules say.</summary>
internal static class HashedWords
{
    private static readonly PromptToken[] Tokens = new PromptToken[1200];

    public static Found Of(string prompt)
    {
        var count = PromptTokens.Cut(prompt, Tokens);
        var keys = new HashSet<uint> { 1u + (uint)KeywordRules.Of(prompt) };
        for (var i = 0; i < count; i++)
        {
            keys.Add(Tokens[i].Hash % 65536 + 100);
            if (i > 0)
                keys.Add(PromptTokens.Join(Tokens[i - 1].Hash, Tokens[i].Hash) % 65536 + 100);
        }
        var value = 2 / MathF.Sqrt(keys.Count);
        return new Found([.. keys], [.. keys.Select(key => key < 100 ? 1f : value)]);
    }
}
