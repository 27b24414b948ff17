using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dragoman.Simulator.Schemas;

/// <summary>
/// A string that matches a simple pattern: literals, classes, groups, the first of alternatives, least repetitions. What it makes
/// is checked; a pattern beyond it gives null.
/// </summary>
internal sealed class PatternSample
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly string _pattern;
    private int _at;

    private PatternSample(string pattern) => _pattern = pattern;

    public static string? Of(string pattern)
    {
        var sample = new PatternSample(pattern).Alternatives();
        try
        {
            return sample is not null && Regex.IsMatch(sample, pattern, RegexOptions.None, Patience)
                ? sample
                : null;
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private bool Ended => _at >= _pattern.Length || _pattern[_at] == ')';

    private string? Alternatives()
    {
        string? first = null;
        while (true)
        {
            var one = Sequence();
            first ??= one;
            if (one is null || _at >= _pattern.Length || _pattern[_at] != '|')
                return first;
            _at++;
        }
    }

    private string? Sequence()
    {
        var text = new StringBuilder();
        while (!Ended && _pattern[_at] != '|')
        {
            if (Atom() is not { } atom)
                return null;
            for (var times = Repetitions(); times > 0; times--)
                text.Append(atom);
        }
        return text.ToString();
    }

    private string? Atom()
    {
        var sign = _pattern[_at++];
        switch (sign)
        {
            case '^' or '$':
                return "";
            case '.':
                return "x";
            case '[':
                return Class();
            case '(':
                if (_pattern.AsSpan(_at).StartsWith("?:"))
                    _at += 2;
                else if (_at < _pattern.Length && _pattern[_at] == '?')
                    return null;
                var inner = Alternatives();
                _at++;
                return inner;
            case '\\' when _at < _pattern.Length:
                return Escaped(_pattern[_at++]).ToString();
            default:
                return sign.ToString();
        }
    }

    private static char Escaped(char sign) =>
        sign switch
        {
            'd' => '1',
            'w' => 'a',
            's' => ' ',
            'n' => '\n',
            't' => '\t',
            'D' or 'S' => 'x',
            'W' => '-',
            _ => sign,
        };

    private string? Class()
    {
        var end = _pattern.IndexOf(']', Math.Min(_at + 1, _pattern.Length));
        if (end < 0)
            return null;
        var inside = _pattern[_at..end];
        _at = end + 1;
        if (inside.StartsWith('^'))
            return "aA1-_ ~".FirstOrDefault(sign => !inside.Contains(sign)).ToString();
        return inside.StartsWith('\\') && inside.Length > 1
            ? Escaped(inside[1]).ToString()
            : inside[0].ToString();
    }

    /// <summary>The least number of times the atom before may stand.</summary>
    private int Repetitions()
    {
        if (_at >= _pattern.Length)
            return 1;
        switch (_pattern[_at])
        {
            case '*' or '?':
                _at++;
                return 0;
            case '+':
                _at++;
                return 1;
            case '{':
                var end = _pattern.IndexOf('}', _at);
                var digits = _pattern[(_at + 1)..Math.Max(end, _at + 1)].Split(',')[0];
                if (end < 0 || !int.TryParse(digits, CultureInfo.InvariantCulture, out var times))
                    return 1;
                _at = end + 1;
                return Math.Min(times, 1000);
            default:
                return 1;
        }
    }
}
