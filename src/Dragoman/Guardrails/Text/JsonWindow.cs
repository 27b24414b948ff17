using System.Globalization;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Guardrails.Text;

/// <summary>
/// JSON that comes in pieces cut anywhere: each string that is a value goes through a window of its own and is written anew; names,
/// numbers and what holds them stay as they are. What is no JSON passes as far as it can be told apart.
/// </summary>
internal sealed class JsonWindow(IReadOnlyList<TextRule> rules, FindingCounts counts) : IGuardedText
{
    /// <summary>What is open: true for an object.</summary>
    private readonly Stack<bool> _open = new();
    private readonly StringBuilder _decoded = new();
    private readonly StringBuilder _told = new();
    private TextWindow? _window;
    private bool _isName;
    private bool _inName;
    private bool _afterBackslash;

    /// <summary>Hexadecimal digits of an escape that are missing still.</summary>
    private int _digits;
    private int _unit;

    public TextRule? BlockedBy { get; private set; }

    public bool HasMasked { get; private set; }

    public void Take(ReadOnlySpan<char> piece, StringBuilder output)
    {
        for (var i = 0; i < piece.Length && BlockedBy is null; i++)
        {
            if (_window is not null)
                InValue(piece[i], output);
            else if (_inName)
                InName(piece[i], output);
            else
                Between(piece[i], output);
        }
        if (_window is not null)
            Tell(output, isEnd: false);
    }

    public void End(StringBuilder output)
    {
        // A string that nobody closed.
        if (_window is not null && BlockedBy is null)
            Tell(output, isEnd: true);
        _window = null;
    }

    private void Between(char unit, StringBuilder output)
    {
        output.Append(unit);
        switch (unit)
        {
            case '"' when _isName:
                _inName = true;
                break;
            case '"':
                _window = new TextWindow(rules, counts);
                break;
            case '{' or '[':
                _open.Push(unit == '{');
                _isName = unit == '{';
                break;
            case '}' or ']':
                _open.TryPop(out _);
                _isName = false;
                break;
            case ':':
                _isName = false;
                break;
            case ',':
                _isName = _open.TryPeek(out var isObject) && isObject;
                break;
        }
    }

    private void InName(char unit, StringBuilder output)
    {
        output.Append(unit);
        if (_afterBackslash)
            _afterBackslash = false;
        else if (unit == '\\')
            _afterBackslash = true;
        else if (unit == '"')
            _inName = false;
    }

    private void InValue(char unit, StringBuilder output)
    {
        if (_digits > 0)
        {
            _unit = (_unit << 4) | (HexOf(unit) & 0xF);
            if (--_digits == 0)
                _decoded.Append((char)_unit);
        }
        else if (_afterBackslash)
        {
            _afterBackslash = false;
            if (unit == 'u')
                (_digits, _unit) = (4, 0);
            else
                _decoded.Append(Unescaped(unit));
        }
        else if (unit == '\\')
            _afterBackslash = true;
        else if (unit != '"')
            _decoded.Append(unit);
        else
        {
            Tell(output, isEnd: true);
            _window = null;
            if (BlockedBy is null)
                output.Append('"');
        }
    }

    private void Tell(StringBuilder output, bool isEnd)
    {
        foreach (var chunk in _decoded.GetChunks())
            _window!.Take(chunk.Span, _told);
        if (isEnd)
            _window!.End(_told);
        output.Append(JsonEscape.Escape(_told.ToString()));
        _decoded.Clear();
        _told.Clear();
        HasMasked |= _window!.HasMasked;
        BlockedBy = _window.BlockedBy;
    }

    private static char Unescaped(char unit) =>
        unit switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'f' => '\f',
            _ => unit,
        };

    private static int HexOf(char unit) =>
        int.TryParse([unit], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var digit)
            ? digit
            : 0;
}
