using System.Text.RegularExpressions;

namespace Dragoman.Guardrails.Text;

/// <summary>
/// Something that may stand in a text: an address, a number, a key. Whether one begins at a character is told by at most
/// <see cref="Longest"/> characters from there on and the one before, so that a stream is judged as the whole text is.
/// </summary>
/// <param name="Kind">Its name in findings, and in brackets what it is masked by.</param>
/// <param name="Head">Matches it, or the part by which it is known where a <see cref="Tail"/> follows.</param>
/// <param name="Longest">Characters of <paramref name="Head"/> at most, and one more where it looks behind its end.</param>
internal sealed record TextShape(string Kind, Regex Head, int Longest)
{
    /// <summary>Characters that a head can hold; null is any. Behind any other nothing needs to be waited for.</summary>
    public Func<char, bool>? MayHold { get; init; }

    /// <summary>
    /// <see cref="Head"/> itself matches no more than <see cref="Longest"/> allows. Where not, as in patterns that users write, a
    /// match is what it is in that many characters.
    /// </summary>
    public bool IsBounded { get; init; } = true;

    /// <summary>Looks closer (check digits): how many characters of a match are one, 0 for none. Gets the match and the character behind it.</summary>
    public Func<ReadOnlySpan<char>, char, int>? Accept { get; init; }

    /// <summary>What behind the head still belongs to it, however long; null where nothing does.</summary>
    public Func<TextTail>? Tail { get; init; }
}

/// <summary>The rest of something of which the head was found; takes character by character.</summary>
internal abstract class TextTail
{
    /// <summary>Whether the next character still belongs to it; once one does not, it is not asked again.</summary>
    public abstract bool Takes(char next);

    /// <summary>A tail of all characters of a kind.</summary>
    public static Func<TextTail> Of(Func<char, bool> takes) => () => new Plain(takes);

    private sealed class Plain(Func<char, bool> takes) : TextTail
    {
        public override bool Takes(char next) => takes(next);
    }
}
