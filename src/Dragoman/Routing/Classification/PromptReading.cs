namespace Dragoman.Routing.Classification;

/// <summary>One text, read: its tokens, its shape, the cues in it by where they stand. Kept by its thread and used again.</summary>
internal sealed class PromptReading
{
    /// <summary>The most characters that are read closely: of a longer text its beginning and its end.</summary>
    public const int HeadChars = 2600;
    public const int TailChars = 1400;
    private const int MostTokens = 2400;
    private const int OpeningTokens = 34;
    private const int PreambleChars = 400;

    private readonly CueLexicon _lexicon = CueLexicon.Default;
    private readonly PromptToken[] _tokens = new PromptToken[MostTokens];
    private readonly char[] _text = new char[HeadChars + TailChars + 2];
    private readonly Zones[] _cues;
    private int _length;
    private int _count;

    public PromptReading() => _cues = new Zones[_lexicon.Names.Count];

    /// <summary>Where a cue stands.</summary>
    [Flags]
    public enum Zones : byte
    {
        None = 0,

        /// <summary>At the very beginning.</summary>
        Start = 1,

        /// <summary>In the first line.</summary>
        Opening = 2,

        /// <summary>In the last line, where that is another one.</summary>
        Closing = 4,

        /// <summary>Between them: in what was pasted, as a rule.</summary>
        Middle = 8,
    }

    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);
    public ReadOnlySpan<PromptToken> Tokens => _tokens.AsSpan(0, _count);
    public ReadOnlySpan<PromptToken> Opening => _tokens.AsSpan(0, OpeningEnd);
    public ReadOnlySpan<PromptToken> Closing => _tokens.AsSpan(ClosingStart, _count - ClosingStart);
    public ReadOnlySpan<Zones> Cues => _cues;
    public int OpeningEnd { get; private set; }
    public int ClosingStart { get; private set; }
    public PromptShape Shape { get; private set; }

    /// <summary>Whether a cue stands where people put what they want.</summary>
    public bool Asks(int cue) => (_cues[cue] & (Zones.Opening | Zones.Closing)) != 0;

    /// <summary>Room for a text to be read; say with <see cref="Read(int, int)"/> how much of it was used.</summary>
    public Span<char> Room => _text;

    /// <summary>Reads a text from outside.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        if (length <= HeadChars + TailChars)
            text.CopyTo(_text);
        else
        {
            text[..HeadChars].CopyTo(_text);
            _text[HeadChars] = '\n';
            text[^TailChars..].CopyTo(_text.AsSpan(HeadChars + 1));
            length = HeadChars + TailChars + 1;
        }
        Read(length, text.Length);
    }

    /// <summary>Reads the first <paramref name="length"/> characters of <see cref="Room"/>, all that is kept of <paramref name="whole"/>.</summary>
    public void Read(int length, int whole)
    {
        _length = length - DropPreamble(length);
        whole -= length - _length;
        _count = PromptTokens.Cut(Text, _tokens);
        FindZones();
        Array.Clear(_cues);
        var sink = new ZoneSink(this);
        _lexicon.Match(Text, Tokens, ref sink);
        Shape = PromptShapes.Of(Text, Tokens, whole);
    }

    // What prompts of instruction-tuned models put before their heading is the same before every instruction. Any other text that has
    // such a heading in it may say before it what is to be done.
    private int DropPreamble(int length)
    {
        const string heading = "\n### Instruction:";
        var head = _text.AsSpan(0, Math.Min(length, PreambleChars));
        var at = head.IndexOf(heading) + 1;
        if (
            at == 0
            || !head[..at]
                .Contains("instruction that describes a task", StringComparison.OrdinalIgnoreCase)
        )
            return 0;
        _text.AsSpan(at, length - at).CopyTo(_text);
        return at;
    }

    private void FindZones()
    {
        OpeningEnd = 0;
        ClosingStart = _count;
        if (_count == 0)
            return;
        var most = OpeningTokens;
        // A character of Chinese says less than a word: look at more of them.
        if (PromptTokens.StandsAlone(_text[_tokens[_count / 2].Start]))
            most = most * 3 / 2;
        while (
            OpeningEnd < _count
            && OpeningEnd < most
            // A greeting or a heading is no line of its own.
            && (OpeningEnd < 3 || _tokens[OpeningEnd].Line == _tokens[OpeningEnd - 1].Line)
        )
            OpeningEnd++;
        while (
            ClosingStart > OpeningEnd
            && _count - ClosingStart < most
            && (
                _count - ClosingStart < 3
                || _tokens[ClosingStart - 1].Line == _tokens[ClosingStart].Line
            )
        )
            ClosingStart--;
    }

    private Zones ZoneOf(int token) =>
        token < OpeningEnd
            ? token < 3
                ? Zones.Start | Zones.Opening
                : Zones.Opening
            : token >= ClosingStart
                ? Zones.Closing
                : Zones.Middle;

    private readonly ref struct ZoneSink(PromptReading reading) : CueLexicon.ISink
    {
        public void Found(int cue, int token, int length) =>
            reading._cues[cue] |= reading.ZoneOf(token);
    }
}
