namespace Dragoman.Routing.Classification;

/// <summary>What a text looks like from afar: its lengths, lines, signs and patterns.</summary>
internal struct PromptShape
{
    public int Chars;
    public int Tokens;
    public int Lines;
    public int BlankLines;
    public int FirstLineTokens;
    public int LastLineTokens;
    public int Numbers;
    public int Operators;
    public int Latex;
    public int Braces;
    public int Semicolons;
    public int CodeWords;
    public int CodeLines;
    public int Options;
    public int OptionChars;
    public int OptionsOfNumbers;
    public int Bullets;
    public int Speakers;
    public int Questions;
    public int Sentences;
    public int Quotes;
    public int LongestQuote;
    public int Blanks;
    public int Upper;
    public int Letters;
    public int WordChars;
    public int LongWords;
    public bool HasFence;
    public bool EndsWithQuestion;
    public bool EndsWithColon;
    public bool StartsLower;
    public bool HasAddress;
    public bool MixesScripts;
    public bool ColonThenText;

    /// <summary>Source code stands in it, or very likely so.</summary>
    public readonly bool LooksLikeCode =>
        HasFence || CodeLines >= 2 || (CodeLines >= 1 && CodeWords >= 1) || CodeWords >= 3;

    /// <summary>A formula stands in it.</summary>
    public readonly bool LooksLikeFormula => Latex >= 2 || (Operators >= 1 && Numbers >= 2);
}

/// <summary>Takes the measure of a text, line by line.</summary>
internal static class PromptShapes
{
    // Words that hardly stand in prose at the places where these are looked for: before a bracket, a brace or an equals sign.
    private static readonly HashSet<uint> CodeWordHashes =
    [
        .. "def return import class public static void int const function print println printf console var let elif endif struct enum namespace include typedef lambda async await select from where insert update begin end echo sudo foreach while for if else try except catch throw new null none true false self this std vector string float double bool char boolean assert fn impl func"
            .Split(' ')
            .Select(word => PromptTokens.HashOf(word)),
    ];

    /// <summary>Measures <paramref name="text"/>, of which <paramref name="whole"/> characters were said in all.</summary>
    public static PromptShape Of(
        ReadOnlySpan<char> text,
        ReadOnlySpan<PromptToken> tokens,
        int whole
    )
    {
        var shape = new PromptShape { Chars = whole, Tokens = tokens.Length };
        CountTokens(text, tokens, ref shape);
        CountSigns(text, ref shape);
        foreach (var line in text.EnumerateLines())
            CountLine(line, ref shape);
        var trimmed = text.TrimEnd();
        if (!trimmed.IsEmpty)
        {
            shape.EndsWithQuestion = trimmed[^1] is '?' or '？' or '؟';
            shape.EndsWithColon = trimmed[^1] is ':' or '：' or '=';
            var start = text.TrimStart();
            shape.StartsLower = char.IsLower(start[0]) && start[0] < 0x250;
        }
        return shape;
    }

    private static void CountTokens(
        ReadOnlySpan<char> text,
        ReadOnlySpan<PromptToken> tokens,
        ref PromptShape shape
    )
    {
        if (tokens.IsEmpty)
            return;
        var firstLine = tokens[0].Line;
        var lastLine = tokens[^1].Line;
        var latin = 0;
        var other = 0;
        foreach (var token in tokens)
        {
            if (token.Line == firstLine)
                shape.FirstLineTokens++;
            if (token.Line == lastLine)
                shape.LastLineTokens++;
            if (token.Hash == PromptTokens.Number)
                shape.Numbers++;
            shape.WordChars += token.Length;
            if (token.Length >= 9)
                shape.LongWords++;
            var c = text[token.Start];
            if (c >= 0x370 && c is not (>= '\u1E00' and <= '\u1EFF'))
                other++;
            else if (token.Length > 1 && char.IsLetter(c))
                latin++;
            if (IsCodeWord(text, token))
                shape.CodeWords++;
        }
        shape.MixesScripts = latin >= 4 && other >= 4;
    }

    private static bool IsCodeWord(ReadOnlySpan<char> text, PromptToken token)
    {
        if (token.Length is < 2 or > 9)
            return false;
        var after = token.End < text.Length ? text[token.End] : ' ';
        var before = token.Start > 0 ? text[token.Start - 1] : '\n';
        var stands =
            after is '(' or '{' or '<' or ';' or ')' or '.' or '[' or '='
            || before is '(' or '.' or '#' or '<' or '{';
        if (
            stands
            && after is '(' or '{' or ';' or '['
            && before != '('
            && !char.IsWhiteSpace(after)
        )
            return after != '.'
                && (CodeWordHashes.Contains(token.Hash) || after is '(' && before is '.');
        // Keywords that open a line: "def f", "import x", "SELECT *".
        return before == '\n'
            && after == ' '
            && CodeWordHashes.Contains(token.Hash)
            && OpensCode(text[token.End..]);
    }

    private static bool OpensCode(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf('\n');
        var line = (end < 0 ? rest : rest[..end]).TrimEnd();
        return line.Length > 1
            && (line[^1] is ':' or '{' or ';' or ')' or '>' || line.IndexOfAny("*=(<") >= 0)
            && line.IndexOf("  ") < 0;
    }

    private static void CountSigns(ReadOnlySpan<char> text, ref PromptShape shape)
    {
        var quoteFrom = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= 'a' and <= 'z' or ' ')
            {
                shape.Letters++;
                continue;
            }
            switch (c)
            {
                case >= 'A' and <= 'Z':
                    shape.Upper++;
                    shape.Letters++;
                    break;
                case '{' or '}' or '[' or ']' or '<' or '>':
                    shape.Braces++;
                    break;
                case ';':
                    shape.Semicolons++;
                    break;
                case '?' or '？' or '؟':
                    shape.Questions++;
                    shape.Sentences++;
                    break;
                case '.' or '!' or '。' or '！' or '।':
                    if (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]) || c >= 0x900)
                        shape.Sentences++;
                    break;
                case '_':
                    if (i == 0 || !char.IsAsciiLetterOrDigit(text[i - 1]))
                        shape.Blanks++;
                    break;
                case '$' or '\\':
                    shape.Latex++;
                    break;
                case '`':
                    shape.HasFence |= text[i..].StartsWith("```");
                    break;
                case '+'
                or '*'
                or '/'
                or '='
                or '^'
                or '×'
                or '÷'
                or '√'
                or '−'
                or '≤'
                or '≥'
                or '-'
                or '%':
                    if (IsArithmetic(text, i))
                        shape.Operators++;
                    break;
                case '@':
                    shape.HasAddress |= i > 0 && char.IsAsciiLetterOrDigit(text[i - 1]);
                    break;
                case '"' or '“' or '”' or '„' or '«' or '»' or '「' or '」':
                    shape.Quotes++;
                    if (quoteFrom >= 0)
                    {
                        shape.LongestQuote = Math.Max(shape.LongestQuote, i - quoteFrom);
                        quoteFrom = -1;
                    }
                    else
                        quoteFrom = i;
                    break;
                case ':' or '：':
                    shape.ColonThenText |= i > 4 && i < 160 && text.Length - i > 12;
                    break;
            }
        }
    }

    // An operator has a number, a variable or a bracket on both sides: "3x + 5", "a^2", "(1-x)/2".
    private static bool IsArithmetic(ReadOnlySpan<char> text, int at)
    {
        var left = at - 1;
        while (left >= 0 && text[left] == ' ')
            left--;
        var right = at + 1;
        while (right < text.Length && text[right] == ' ')
            right++;
        if (left < 0)
            return false;
        var isOperand = char.IsDigit(text[left]) || text[left] is ')' || IsVariable(text, left, -1);
        if (!isOperand)
            return false;
        // "7 / 4 = ?" and "12 + 5 =" end in their operator.
        if (right >= text.Length || text[right] is '?' or '_')
            return text[at] == '=';
        return char.IsDigit(text[right])
            || text[right] is '(' or '-' or '\\' or '√'
            || (
                IsVariable(text, right, 1)
                && (char.IsDigit(text[left]) || text[at] is not ('-' or '/'))
            );
    }

    private static bool IsVariable(ReadOnlySpan<char> text, int at, int direction)
    {
        if (!char.IsAsciiLetter(text[at]))
            return false;
        var beside = at + direction;
        return beside < 0 || beside >= text.Length || !char.IsAsciiLetter(text[beside]);
    }

    private static void CountLine(ReadOnlySpan<char> raw, ref PromptShape shape)
    {
        shape.Lines++;
        var line = raw.Trim();
        if (line.IsEmpty)
        {
            shape.BlankLines++;
            return;
        }
        if (IsOption(line))
        {
            shape.Options++;
            shape.OptionChars += line.Length - 3;
            if (line[3..].IndexOfAnyInRange('0', '9') >= 0)
                shape.OptionsOfNumbers++;
        }
        else if (line.Length > 2 && line[0] is '-' or '*' or '•' && line[1] == ' ')
            shape.Bullets++;
        var colon = line.IndexOfAny(':', '：');
        if (
            colon is > 0 and < 22
            && line.Length > colon + 2
            && char.IsLetter(line[0])
            && line[..colon].Count(' ') <= 2
        )
            shape.Speakers++;
        var indented = raw.Length > 2 && (raw[0] == '\t' || raw.StartsWith("  "));
        if (
            line[^1] is ';' or '{' or '}'
            || line.StartsWith("#include")
            || line.StartsWith("//")
            || (line.StartsWith("def ") && line[^1] == ':')
            || (indented && line.StartsWith("return "))
            || (indented && line.IndexOfAny("=(") >= 0)
            || (
                line[^1] is ')'
                && line.IndexOf('(') > 0
                && !line.Contains(". ", StringComparison.Ordinal)
                && line.IndexOf(' ') is < 0 or > 12
                && line.Length < 80
                && line.IndexOf('(') is var p
                && char.IsAsciiLetterOrDigit(line[p - 1])
            )
        )
            shape.CodeLines++;
    }

    // "A. x", "b) x", "(C) x", "1) x"
    private static bool IsOption(ReadOnlySpan<char> line)
    {
        if (line.Length < 4)
            return false;
        if (line[0] == '(')
            return line[2] == ')' && char.IsAsciiLetterOrDigit(line[1]);
        return (line[0] is >= 'A' and <= 'H' or >= 'a' and <= 'h' || char.IsAsciiDigit(line[0]))
            && line[1] is '.' or ')' or '、' or '．'
            && !char.IsAsciiDigit(line[2]);
    }
}
