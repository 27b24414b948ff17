namespace Dragoman.Guardrails.Text;

/// <summary>One match of a rule, counted in characters from the start of the text.</summary>
internal sealed class TextMatch(TextRule rule, int order, long start, long end)
{
    public TextRule Rule => rule;

    /// <summary>The rule's place among the rules: of matches that start together the first rule's comes first.</summary>
    public int Order => order;
    public long Start => start;

    /// <summary>Grows while its tail is being read.</summary>
    public long End { get; set; } = end;
}

/// <summary>How far one rule has read a text that comes in pieces.</summary>
internal sealed class RuleCursor(TextRule rule, int order)
{
    private TextTail? _tail;

    public TextRule Rule => rule;

    /// <summary>From where on it is looked for a match.</summary>
    public long Next { get; private set; }

    /// <summary>All matches that start before this are known.</summary>
    public long Decided { get; private set; }

    /// <summary>A match whose end has not been seen; null where there is none.</summary>
    public TextMatch? Open { get; private set; }

    /// <summary>Reads on, and adds the matches that are certain by now.</summary>
    /// <param name="text">The text from <paramref name="origin"/> on; begins no later than one character before <see cref="Next"/>.</param>
    /// <param name="origin">How much text came before.</param>
    /// <param name="isEnd">Nothing follows.</param>
    /// <param name="matches">Takes the matches.</param>
    public void Read(ReadOnlySpan<char> text, long origin, bool isEnd, List<TextMatch> matches)
    {
        var end = origin + text.Length;
        while (true)
        {
            if (Open is not null && !ReadTail(text, origin, isEnd))
            {
                Next = Decided = end;
                return;
            }
            var certain = isEnd ? end : CertainBefore(text, origin);
            if (Find(text, origin, certain) is not { } match)
            {
                Next = Math.Max(Next, certain);
                Decided = Math.Max(Decided, Next);
                return;
            }
            matches.Add(match);
            if (rule.Shape.Tail is { } tail)
                (Open, _tail) = (match, tail());
        }
    }

    /// <summary>False where the tail may go on in what follows.</summary>
    private bool ReadTail(ReadOnlySpan<char> text, long origin, bool isEnd)
    {
        var at = (int)(Open!.End - origin);
        while (at < text.Length && _tail!.Takes(text[at]))
            at++;
        Open.End = origin + at;
        if (at == text.Length && !isEnd)
            return false;
        Next = Open.End;
        (Open, _tail) = (null, null);
        return true;
    }

    /// <summary>Where a match starts before this, all that bears on it has been read.</summary>
    private long CertainBefore(ReadOnlySpan<char> text, long origin)
    {
        var most = Math.Max(0, text.Length - rule.Shape.Longest + 1);
        if (rule.Shape.MayHold is not { } mayHold)
            return origin + most;
        var certain = text.Length;
        while (certain > most && mayHold(text[certain - 1]))
            certain--;
        return origin + certain;
    }

    /// <summary>The next match that starts before <paramref name="certain"/>; null where there is none.</summary>
    private TextMatch? Find(ReadOnlySpan<char> text, long origin, long certain)
    {
        while (Next < certain)
        {
            var (start, length) = First(text, (int)(Next - origin));
            if (start < 0 || origin + start >= certain)
                return null;
            if (!rule.Shape.IsBounded)
                length = LengthAt(text, start);
            var behind = start + length < text.Length ? text[start + length] : '\0';
            if (length > 0 && rule.Shape.Accept is { } accept)
                length = accept(text.Slice(start, length), behind);
            // What is excused is passed over as a whole; in what is none there may be one.
            Next = origin + start + Math.Max(1, length);
            if (length > 0 && !rule.Allows(text.Slice(start, length)))
                return new TextMatch(rule, order, origin + start, Next);
        }
        return null;
    }

    private (int Start, int Length) First(ReadOnlySpan<char> text, int from)
    {
        foreach (var match in rule.Shape.Head.EnumerateMatches(text, from))
            return (match.Index, match.Length);
        return (-1, 0);
    }

    /// <summary>
    /// The match at a character as far as <see cref="TextShape.Longest"/> lets it see, whatever stands behind: the same wherever a
    /// stream is cut.
    /// </summary>
    private int LengthAt(ReadOnlySpan<char> text, int start)
    {
        var before = Math.Min(start, 1);
        var window = text[(start - before)..Math.Min(text.Length, start + rule.Shape.Longest)];
        var (found, length) = First(window, before);
        return found == before ? length : 0;
    }
}
