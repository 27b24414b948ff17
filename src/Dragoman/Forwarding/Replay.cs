namespace Dragoman.Forwarding;

/// <summary>
/// Compares a second start of an answer with what the client already has of the first: as long as it repeats that, it is
/// swallowed; where it goes beyond, the rest is spliced on.
/// </summary>
internal readonly struct Replay(ReadOnlyMemory<byte> alreadySent)
{
    /// <summary>What the new answer's text so far means.</summary>
    public Verdict Judge(ReadOnlySpan<byte> textSoFar)
    {
        var sent = alreadySent.Span;
        if (textSoFar.Length <= sent.Length)
            return sent.StartsWith(textSoFar) ? Verdict.Repeats : Verdict.Diverges;
        return textSoFar.StartsWith(sent) ? Verdict.GoesBeyond : Verdict.Diverges;
    }

    /// <summary>The new text is just what the client has.</summary>
    public bool IsWhole(ReadOnlySpan<byte> textSoFar) => textSoFar.Length == alreadySent.Length;

    /// <summary>The part of the new text that the client does not have yet.</summary>
    public ReadOnlySpan<byte> Beyond(ReadOnlySpan<byte> textSoFar) =>
        textSoFar[alreadySent.Length..];

    public enum Verdict
    {
        Repeats,
        GoesBeyond,
        Diverges,
    }
}
