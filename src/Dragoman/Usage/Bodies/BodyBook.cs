using Dragoman.Access;
using Dragoman.Exchanges;
using Dragoman.Guardrails.Text;

namespace Dragoman.Usage.Bodies;

/// <summary>One entry of <c>bodies</c>: whose prompts and answers are kept, for how long, and what is taken out of them first.</summary>
internal sealed record BodyRule(string Name)
{
    public Scope Scope { get; init; } = Scope.Everything;
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What is masked before anything is kept.</summary>
    public IReadOnlyList<TextRule> Redaction { get; init; } = [];
}

/// <summary>Whose prompts and answers are kept: nobody's but those that configuration names.</summary>
internal sealed class BodyBook(IReadOnlyList<BodyRule> rules)
{
    /// <summary>The first that holds the exchange; null where its prompt and answer are not kept.</summary>
    public BodyRule? For(Exchange exchange)
    {
        if (rules.Count == 0)
            return null;
        var facts = ScopeFacts.Of(exchange);
        for (var i = 0; i < rules.Count; i++)
            if (rules[i].Scope.Holds(facts))
                return rules[i];
        return null;
    }
}
