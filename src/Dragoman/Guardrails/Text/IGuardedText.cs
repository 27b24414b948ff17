using System.Text;

namespace Dragoman.Guardrails.Text;

/// <summary>A text on its way through the rules for it: prose, or JSON of which only the strings are looked at.</summary>
internal interface IGuardedText
{
    /// <summary>The rule that stops the text; null while none does. Nothing comes out any more.</summary>
    TextRule? BlockedBy { get; }

    /// <summary>Something was masked.</summary>
    bool HasMasked { get; }

    /// <summary>Takes the next piece, and adds to <paramref name="output"/> what may go on.</summary>
    void Take(ReadOnlySpan<char> piece, StringBuilder output);

    /// <summary>The text is over: what was held back comes out.</summary>
    void End(StringBuilder output);
}
