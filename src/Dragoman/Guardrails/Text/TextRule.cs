using System.Text.RegularExpressions;

namespace Dragoman.Guardrails.Text;

/// <summary>What one guardrail does about one kind of thing in a text.</summary>
/// <param name="Guardrail">The guardrail's name.</param>
/// <param name="Shape">What it looks for.</param>
/// <param name="Action">What it does about it.</param>
internal sealed record TextRule(string Guardrail, TextShape Shape, GuardrailAction Action)
{
    /// <summary>What is none, though it looks like one; each matches a whole finding.</summary>
    public IReadOnlyList<AllowedText> Allowed { get; init; } = [];

    /// <summary>What a finding is masked by.</summary>
    public string Label { get; } = "[" + Shape.Kind + "]";

    /// <summary>Whether a finding is excused.</summary>
    public bool Allows(ReadOnlySpan<char> found)
    {
        for (var i = 0; i < Allowed.Count; i++)
            if (Allowed[i].Matches(found, Shape.Tail is not null))
                return true;
        return false;
    }
}

/// <summary>Texts that are let by, by a pattern.</summary>
internal sealed class AllowedText(string pattern, RegexOptions options, TimeSpan patience)
{
    private readonly Regex _whole = new($@"\A(?:{pattern})\z", options, patience);
    private readonly Regex _head = new($@"\A(?:{pattern})", options, patience);

    /// <param name="found">What was found.</param>
    /// <param name="isHead">It is only the head of it: what follows is not known yet.</param>
    public bool Matches(ReadOnlySpan<char> found, bool isHead) =>
        (isHead ? _head : _whole).IsMatch(found);
}
