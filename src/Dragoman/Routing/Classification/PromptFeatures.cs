namespace Dragoman.Routing.Classification;

/// <summary>
/// Turns a reading into features. Cues, their pairs and the shape are the same in every language; words and the beginnings of
/// words are what is left to be learnt.
/// </summary>
internal static class PromptFeatures
{
    private const PromptReading.Zones Asked =
        PromptReading.Zones.Opening | PromptReading.Zones.Closing;

    /// <summary>Fills <paramref name="bag"/> with what <paramref name="reading"/> holds; returns where the shape ends and the words begin.</summary>
    public static int Add(PromptReading reading, FeatureBag bag)
    {
        bag.Add(0, 0);
        AddShape(reading.Shape, bag);
        var shapeEnd = bag.Count;
        AddCues(reading, bag);
        AddWords(reading, reading.Opening, 20, bag);
        AddWords(reading, reading.Closing, 30, bag);
        return shapeEnd;
    }

    private static void AddCues(PromptReading reading, FeatureBag bag)
    {
        var length = LengthClass(reading.Shape);
        Span<byte> asked = stackalloc byte[24];
        var count = 0;
        var cues = reading.Cues;
        for (var cue = 0; cue < cues.Length; cue++)
        {
            var zones = cues[cue];
            if (zones == 0)
                continue;
            var name = (uint)cue + 1;
            if ((zones & PromptReading.Zones.Start) != 0)
                bag.Add(1, name);
            if ((zones & PromptReading.Zones.Opening) != 0)
                bag.Add(2, name);
            if ((zones & PromptReading.Zones.Closing) != 0)
                bag.Add(3, name);
            if (zones == PromptReading.Zones.Middle)
                bag.Add(4, name, 0.5f);
            if ((zones & Asked) == 0)
                continue;
            bag.Add(5, name * 8 + length);
            if (count < asked.Length)
                asked[count++] = (byte)name;
        }
        if (count > 0)
            bag.Add(6, (uint)Math.Min(count, 6));
        var from = bag.Count;
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
                bag.Add(7, (uint)(asked[i] * 256 + asked[j]));
        }
        if (bag.Count > from)
            bag.Scale(from, 1.6f / MathF.Sqrt(bag.Count - from));
    }

    /// <summary>0 a phrase, 1 a sentence or two, 2 a paragraph, 3 a document.</summary>
    private static uint LengthClass(in PromptShape shape) =>
        shape.Tokens switch
        {
            <= 8 => 0,
            <= 30 => 1,
            <= 120 => 2,
            _ => 3,
        };

    private static void AddShape(in PromptShape shape, FeatureBag bag)
    {
        var length = LengthClass(shape);
        bag.Add(10, Log(shape.Chars));
        bag.Add(11, Log(shape.Tokens));
        bag.Add(12, Log(shape.Lines));
        bag.Add(13, Log(shape.FirstLineTokens));
        bag.Add(14, Log(shape.LastLineTokens));
        bag.Add(15, Log(shape.Numbers) * 8 + length);
        bag.Add(16, Log(shape.Operators));
        bag.Add(17, Log(shape.Latex));
        bag.Add(18, Log(shape.Braces) * 8 + length);
        bag.Add(19, Log(shape.Semicolons));
        bag.Add(100, Log(shape.CodeWords));
        bag.Add(101, Log(shape.CodeLines));
        bag.Add(102, Log(shape.Options));
        bag.Add(103, Log(shape.Bullets));
        bag.Add(104, Log(shape.Speakers));
        bag.Add(105, Log(shape.Questions) * 8 + length);
        bag.Add(106, Log(shape.Sentences));
        bag.Add(107, Log(shape.Quotes));
        bag.Add(108, Log(shape.LongestQuote));
        bag.Add(109, Math.Min(3u, (uint)shape.Blanks));
        bag.Add(110, Share(shape.Numbers, shape.Tokens));
        bag.Add(111, Share(shape.Upper, shape.Letters));
        bag.Add(112, Share(shape.LongWords, shape.Tokens) * 8 + length);
        bag.Add(113, Flag(shape.LooksLikeCode));
        bag.Add(114, Flag(shape.LooksLikeFormula));
        bag.Add(115, Flag(shape.EndsWithQuestion) * 8 + length);
        bag.Add(116, Flag(shape.EndsWithColon) * 8 + length);
        bag.Add(117, Flag(shape.StartsLower) * 8 + length);
        bag.Add(118, Flag(shape.HasAddress));
        bag.Add(119, Flag(shape.MixesScripts));
        bag.Add(120, Flag(shape.ColonThenText) * 8 + length);
        bag.Add(121, Flag(shape.HasFence));
    }

    // Words as they stand, in pairs, and by their beginnings, which survive endings and typos.
    private static void AddWords(
        PromptReading reading,
        ReadOnlySpan<PromptToken> tokens,
        uint kind,
        FeatureBag bag
    )
    {
        if (tokens.IsEmpty)
            return;
        var text = reading.Text;
        var from = bag.Count;
        var previous = 1u;
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            bag.Add(kind, token.Hash, 0.7f);
            bag.Add(kind + 1, PromptTokens.Join(previous, token.Hash), 0.7f);
            if (token.Length > 5)
                bag.Add(kind + 2, Beginning(text, token, 5), 0.5f);
            previous = token.Hash;
        }
        bag.Scale(from, 1.8f / MathF.Sqrt(tokens.Length + 4));
        bag.Add(kind + 3, tokens[0].Hash, 0.7f);
        if (tokens.Length > 1)
            bag.Add(kind + 4, PromptTokens.Join(tokens[0].Hash, tokens[1].Hash), 0.7f);
    }

    private static uint Beginning(ReadOnlySpan<char> text, PromptToken token, int letters)
    {
        var hash = PromptTokens.HashOf([]);
        for (var i = 0; i < letters; i++)
            hash = PromptTokens.Step(hash, TextFold.Of(text[token.Start + i]));
        return hash;
    }

    private static uint Log(int value) =>
        value <= 0 ? 0 : (uint)Math.Min(12, (int)Math.Log2(value) + 1);

    private static uint Share(int part, int whole) =>
        whole == 0 ? 7
        : part == 0 ? 0
        : 1 + (uint)Math.Min(5, part * 12 / whole);

    private static uint Flag(bool value) => value ? 1u : 0u;
}
