namespace Dragoman.Canonical;

/// <summary>
/// Estimates how many tokens a text is, from its UTF-8 bytes alone: a handful of operations a byte, no table of a tokenizer, no
/// allocation. Text may come in pieces cut anywhere, also inside a character.
/// </summary>
/// <remarks>
/// <para>The weights were fitted, by least relative error, to OpenAI's o200k tokenizer on two thirds of 5,270 texts of 40 to 6,000
/// characters and measured on the rest (2026-11). Mean error per text: prompts 7 %, model answers 7 %, source code 7 %, JSON 10 %,
/// English 10 %, Chinese, Japanese and Korean 5 %, German, Spanish and Arabic 6 %, French and Russian 7 %, Hindi 8 %; the mean over
/// 60 languages is 12 %, the worst are Punjabi 33 %, Basque 28 % and Sinhala 28 %. Bytes divided by four err by 15 %, 20 %, 10 to
/// 16 %, 23 % and 26 % (prompts, answers, code, JSON, languages).</para>
/// <para>Vendors tokenize differently, and add tokens for roles and tools: an estimate is only ever used where the provider sent no
/// count, and is marked as one.</para>
/// </remarks>
public struct TokenEstimate
{
    // What a mark adds, in thousandths of a token.
    private const int Word = 849;
    private const int LetterFiveToEight = 134;
    private const int LetterNineOn = 493;
    private const int CamelHump = 367;
    private const int ThreeDigits = 1575;
    private const int Spaces = 1004;
    private const int NewLines = 571;
    private const int Punctuation = 796;
    private const int ForeignWord = 345;
    private const int Symbol = 1674;
    private const int Emoji = 1609;

    private static readonly ByteKind[] Kinds = MakeKinds();
    private static readonly short[] LeadWeights = MakeLeadWeights();

    private long _thousandths;
    private int _run;
    private ByteKind _previous;
    private byte _undecidedLead;

    /// <summary>What a byte says about the text; letters of any script come last, so that one comparison finds them.</summary>
    private enum ByteKind : byte
    {
        Nothing,
        Punctuation,
        Digit,
        Space,
        NewLine,
        Continuation,
        Symbol,
        Lower,
        Upper,
        Foreign,
    }

    /// <summary>Whole tokens so far, rounded up: no text but the empty one is zero tokens.</summary>
    public readonly long Tokens => (_thousandths + 999) / 1000;

    /// <summary>The estimate for a whole text.</summary>
    public static long OfText(ReadOnlySpan<byte> utf8)
    {
        var estimate = new TokenEstimate();
        estimate.Add(utf8);
        return estimate.Tokens;
    }

    /// <summary>Counts the next piece of the text.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        foreach (var b in utf8)
        {
            var kind = Kinds[b];
            if (kind == ByteKind.Lower && _previous >= ByteKind.Lower)
            {
                // The most usual byte by far: one more letter of a word.
                AddLetterOfWord();
                _previous = kind;
                continue;
            }
            switch (kind)
            {
                case ByteKind.Lower or ByteKind.Upper:
                    AddAsciiLetter(kind);
                    break;
                case ByteKind.Continuation:
                    AddContinuation(b);
                    continue;
                case ByteKind.Foreign:
                    AddForeign(b);
                    break;
                case ByteKind.Symbol:
                    _thousandths += b >= 0xF0 ? Emoji : LeadWeights[b];
                    break;
                case ByteKind.Digit:
                    _run = _previous == kind ? _run + 1 : 0;
                    if (_run % 3 == 0)
                        _thousandths += ThreeDigits;
                    break;
                case ByteKind.Space:
                    // One space belongs to the next word; a longer run is one token.
                    _run = _previous == kind ? _run + 1 : 1;
                    if (_run == 2)
                        _thousandths += Spaces;
                    break;
                case ByteKind.NewLine when _previous != kind:
                    _thousandths += NewLines;
                    break;
                case ByteKind.Punctuation when _previous != kind:
                    _thousandths += Punctuation;
                    break;
            }
            _previous = kind;
        }
    }

    private void AddAsciiLetter(ByteKind kind)
    {
        if (_previous < ByteKind.Lower)
        {
            _thousandths += Word;
            _run = 1;
        }
        else if (kind == ByteKind.Upper && _previous == ByteKind.Lower)
        {
            _thousandths += CamelHump;
            _run = 1;
        }
        else
            AddLetterOfWord();
    }

    private void AddLetterOfWord()
    {
        _run++;
        if (_run > 8)
            _thousandths += LetterNineOn;
        else if (_run > 4)
            _thousandths += LetterFiveToEight;
    }

    private void AddForeign(byte lead)
    {
        var starts = _previous < ByteKind.Lower;
        if (starts)
        {
            _thousandths += ForeignWord;
            _run = 0;
        }
        _thousandths += LeadWeights[lead];
        // Of Latin letters a word's length tells something, of others their number does.
        if (lead is >= 0xC3 and <= 0xCA)
            AddLetterOfWord();
        else
            _run++;
        _undecidedLead = lead is 0xE0 or 0xE1 ? lead : (byte)0;
    }

    /// <summary>Two leads begin several scripts: the byte after them tells which.</summary>
    private void AddContinuation(byte second)
    {
        if (_undecidedLead == 0)
            return;
        if (_undecidedLead == 0xE0)
            _thousandths += second >= 0xB8 ? 426 : 357; // Thai and Lao; the scripts of India
        else if (second is < 0xBA or > 0xBB) // Vietnamese letters add nothing beyond their word
            _thousandths += 338; // Georgian, Khmer, …
        _undecidedLead = 0;
    }

    private static ByteKind[] MakeKinds()
    {
        var kinds = new ByteKind[256];
        for (var b = 0; b < 256; b++)
            kinds[b] = b switch
            {
                >= 'a' and <= 'z' => ByteKind.Lower,
                >= 'A' and <= 'Z' => ByteKind.Upper,
                >= '0' and <= '9' => ByteKind.Digit,
                ' ' or '\t' => ByteKind.Space,
                '\n' or '\r' => ByteKind.NewLine,
                < 0x80 => ByteKind.Punctuation,
                < 0xC0 => ByteKind.Continuation,
                0xE2 or >= 0xEE => ByteKind.Symbol,
                _ => ByteKind.Foreign,
            };
        return kinds;
    }

    private static short[] MakeLeadWeights()
    {
        var weights = new short[256];
        for (var b = 0xC2; b < 0xF0; b++)
            weights[b] = b switch
            {
                0xC3 => 1078, // é, ü, ñ
                >= 0xC4 and <= 0xCA => 1359, // ł, ş, ő
                0xCB or 0xCC => 9321, // combining marks: rare, and a token or more each
                >= 0xCD and <= 0xCF => 370, // Greek
                >= 0xD0 and <= 0xD4 => 242, // Cyrillic
                >= 0xD5 and <= 0xD7 => 379, // Armenian, Hebrew
                >= 0xD8 and <= 0xDB => 317, // Arabic, Persian, Urdu
                < 0xE0 => 431,
                0xE0 or 0xE1 => 0, // told by the next byte
                0xE2 => Symbol, // dashes, curly quotes, arrows
                0xE3 => 667, // kana and the punctuation of Chinese and Japanese
                >= 0xE4 and <= 0xE9 => 750, // Han
                >= 0xEA and <= 0xED => 637, // Hangul
                _ => 389, // full-width forms
            };
        return weights;
    }
}
