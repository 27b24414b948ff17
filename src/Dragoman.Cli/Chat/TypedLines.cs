namespace Dragoman.Cli.Chat;

/// <summary>
/// A line as a person types it: with the keys shells have for moving and deleting, and the lines typed before under the arrows.
/// </summary>
internal sealed class TypedLines(IKeysShown screen, Func<ConsoleKeyInfo> nextKey) : ILineReader
{
    private readonly List<string> _history = [];
    private string _line = "";
    private int _cursor;

    public string? Read(string prompt)
    {
        (_line, _cursor) = ("", 0);
        var at = _history.Count;
        var draft = "";
        screen.Show(prompt, _line, _cursor);
        while (true)
        {
            var key = nextKey();
            var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    screen.End(prompt, _line);
                    if (_line.Trim().Length > 0 && _history.LastOrDefault() != _line)
                        _history.Add(_line);
                    return _line;
                case ConsoleKey.D when control && _line.Length == 0:
                    screen.End(prompt, _line);
                    return null;
                case ConsoleKey.UpArrow
                or ConsoleKey.P when (key.Key is ConsoleKey.UpArrow || control) && at > 0:
                    if (at == _history.Count)
                        draft = _line;
                    Replace(_history[--at]);
                    break;
                case ConsoleKey.DownArrow
                or ConsoleKey.N
                    when (key.Key is ConsoleKey.DownArrow || control) && at < _history.Count:
                    Replace(++at == _history.Count ? draft : _history[at]);
                    break;
                default:
                    Edit(key, control);
                    break;
            }
            screen.Show(prompt, _line, _cursor);
        }
    }

    public void Interrupted() => screen.Hint("(/quit or Ctrl-D leaves)");

    private void Edit(ConsoleKeyInfo key, bool control)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow when control:
                _cursor = WordBefore();
                break;
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when control:
                _cursor = Math.Max(0, _cursor - Step(-1));
                break;
            case ConsoleKey.RightArrow when control:
                while (_cursor < _line.Length && _line[_cursor] == ' ')
                    _cursor++;
                while (_cursor < _line.Length && _line[_cursor] != ' ')
                    _cursor++;
                break;
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when control:
                _cursor = Math.Min(_line.Length, _cursor + Step(1));
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                _cursor = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                _cursor = _line.Length;
                break;
            case ConsoleKey.Backspace when !control:
            case ConsoleKey.H when control:
                Delete(_cursor - Step(-1), _cursor);
                break;
            case ConsoleKey.Delete:
            case ConsoleKey.D when control:
                Delete(_cursor, _cursor + Step(1));
                break;
            case ConsoleKey.W when control:
            case ConsoleKey.Backspace:
                Delete(WordBefore(), _cursor);
                break;
            case ConsoleKey.U when control:
                Delete(0, _cursor);
                break;
            case ConsoleKey.K when control:
                Delete(_cursor, _line.Length);
                break;
            default:
                if (!char.IsControl(key.KeyChar) && !control)
                    _line = _line.Insert(_cursor++, key.KeyChar.ToString());
                break;
        }
    }

    /// <summary>A letter may be two characters (surrogates).</summary>
    private int Step(int direction)
    {
        var (first, second) = direction < 0 ? (_cursor - 2, _cursor - 1) : (_cursor, _cursor + 1);
        return
            first >= 0 && second < _line.Length && char.IsSurrogatePair(_line[first], _line[second])
            ? 2
            : 1;
    }

    private int WordBefore()
    {
        var at = _cursor;
        while (at > 0 && _line[at - 1] == ' ')
            at--;
        while (at > 0 && _line[at - 1] != ' ')
            at--;
        return at;
    }

    private void Delete(int from, int to)
    {
        (from, to) = (Math.Max(0, from), Math.Min(_line.Length, to));
        _line = _line.Remove(from, to - from);
        _cursor = from;
    }

    private void Replace(string line) => (_line, _cursor) = (line, line.Length);
}
