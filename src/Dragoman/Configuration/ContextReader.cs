using Dragoman.Exchanges;

namespace Dragoman.Configuration;

/// <summary>Reads <c>context</c>: a strategy's name, or a mapping that says more.</summary>
internal static class ContextReader
{
    private static readonly string[] Names = ["full", "windowed", "summarized"];

    public static ContextPolicy? Read(ConfigSection owner, string name)
    {
        if (!owner.IsMapping(name))
            return owner.Word(name, Names) is { } word
                ? new ContextPolicy { Strategy = StrategyOf(word) }
                : null;
        if (owner.Section(name) is not { } section)
            return null;
        var policy = new ContextPolicy
        {
            Strategy = section.Word("strategy", Names) is { } strategy
                ? StrategyOf(strategy)
                : ContextStrategy.Full,
            MaxTokens = section.Whole("max_tokens", 100, 100_000_000),
            KeepTurns = section.Whole("keep_turns", 1, 1_000),
            SummaryModel = section.Text("summary_model"),
        };
        section.Done();
        return policy;
    }

    private static ContextStrategy StrategyOf(string word) =>
        Enum.Parse<ContextStrategy>(word, ignoreCase: true);
}
