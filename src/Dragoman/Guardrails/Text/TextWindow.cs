using System.Text;
using System.Text.RegularExpressions;

namespace Dragoman.Guardrails.Text;

/// <summary>
/// Reads one text that comes in pieces, by the rules for it, and lets it go on masked: what is found, and what comes out, is the
/// same however it was cut. Only as much is held back as a match may still need.
/// </summary>
internal sealed class TextWindow : IGuardedText
{
    private readonly RuleCursor[] _cursors;
    private readonly List<TextMatch> _matches = [];
    private readonly FindingCounts _counts;

    /// <summary>No rule changes or stops the text: it needs not be held back.</summary>
    private readonly bool _onlyFlags;
    private char[] _text = new char[256];
    private int _length;
    private long _origin;

    /// <summary>So much of the text went on, or was masked.</summary>
    private long _told;

    public TextWindow(IReadOnlyList<TextRule> rules, FindingCounts counts)
    {
        _counts = counts;
        _cursors = new RuleCursor[rules.Count];
        _onlyFlags = true;
        for (var i = 0; i < rules.Count; i++)
        {
            _cursors[i] = new RuleCursor(rules[i], i);
            _onlyFlags &= rules[i].Action == GuardrailAction.Flag;
        }
    }

    /// <inheritdoc/>
    public TextRule? BlockedBy { get; private set; }

    /// <inheritdoc/>
    public bool HasMasked { get; private set; }

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<char> piece, StringBuilder output)
    {
        if (BlockedBy is not null || piece.IsEmpty)
            return;
        Append(piece);
        Read(output, isEnd: false);
        Forget();
    }

    /// <inheritdoc/>
    public void End(StringBuilder output)
    {
        if (BlockedBy is null)
            Read(output, isEnd: true);
    }

    private void Read(StringBuilder output, bool isEnd)
    {
        var text = _text.AsSpan(0, _length);
        var end = _origin + _length;
        var certain = end;
        foreach (var cursor in _cursors)
        {
            var open = cursor.Open;
            if (!TryRead(cursor, text, isEnd))
                return;
            // One that was masked already has grown.
            if (open is not null && !_matches.Contains(open))
                Skip(open);
            certain = isEnd ? end : Math.Min(certain, cursor.Decided);
        }
        Settle(output, certain, isEnd);
        if (BlockedBy is not null)
            return;
        TellUntil(output, _onlyFlags ? end : certain, isEnd);
    }

    /// <summary>False where the rule could not be checked in its time: then the text goes no further.</summary>
    private bool TryRead(RuleCursor cursor, ReadOnlySpan<char> text, bool isEnd)
    {
        try
        {
            cursor.Read(text, _origin, isEnd, _matches);
            return true;
        }
        catch (RegexMatchTimeoutException)
        {
            _counts.Add(cursor.Rule.Guardrail, cursor.Rule.Shape.Kind, GuardrailAction.Block);
            BlockedBy = cursor.Rule;
            return false;
        }
    }

    /// <summary>Acts on the matches that start before <paramref name="certain"/>, in the order of the text.</summary>
    private void Settle(StringBuilder output, long certain, bool isEnd)
    {
        _matches.Sort(
            static (one, other) =>
                one.Start != other.Start
                    ? one.Start.CompareTo(other.Start)
                    : one.Order.CompareTo(other.Order)
        );
        var settled = 0;
        while (settled < _matches.Count && (isEnd || _matches[settled].Start < certain))
        {
            var match = _matches[settled++];
            _counts.Add(match.Rule);
            if (match.Rule.Action == GuardrailAction.Block)
            {
                BlockedBy = match.Rule;
                break;
            }
            if (match.Rule.Action == GuardrailAction.Mask)
                Mask(match, output);
        }
        _matches.RemoveRange(0, settled);
    }

    private void Mask(TextMatch match, StringBuilder output)
    {
        HasMasked = true;
        // What overlaps with one that was masked before is masked with it.
        if (match.Start >= _told)
        {
            TellUntil(output, match.Start, isEnd: true);
            output.Append(match.Rule.Label);
        }
        Skip(match);
    }

    private void Skip(TextMatch match)
    {
        if (match.Rule.Action == GuardrailAction.Mask)
            _told = Math.Max(_told, match.End);
    }

    private void TellUntil(StringBuilder output, long until, bool isEnd)
    {
        if (until <= _told)
            return;
        var rest = _text.AsSpan((int)(_told - _origin), (int)(until - _told));
        // Half a character would be no text to its reader.
        if (!isEnd && char.IsHighSurrogate(rest[^1]))
            rest = rest[..^1];
        output.Append(rest);
        _told += rest.Length;
    }

    private void Append(ReadOnlySpan<char> piece)
    {
        if (_text.Length - _length < piece.Length)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + piece.Length));
        piece.CopyTo(_text.AsSpan(_length));
        _length += piece.Length;
    }

    /// <summary>Lets go of what no rule looks at any more; each looks one character back.</summary>
    private void Forget()
    {
        var needed = _told;
        foreach (var cursor in _cursors)
            needed = Math.Min(needed, cursor.Next - 1);
        var gone = (int)Math.Min(_length, needed - _origin);
        if (gone <= 0)
            return;
        _text.AsSpan(gone, _length - gone).CopyTo(_text);
        _length -= gone;
        _origin += gone;
    }
}
