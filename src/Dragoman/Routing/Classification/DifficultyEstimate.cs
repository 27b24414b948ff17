namespace Dragoman.Routing.Classification;

/// <summary>
/// How much a prompt asks for a stronger model, as a degree from 0 to 1. It sees what hints at that in any field: sums, negations, several steps,
/// long answers to choose from, what kind of task it is; few words, since fields differ in theirs.
/// </summary>
internal static class DifficultyEstimate
{
    // Of a pasted document the length says nothing more.
    private const int LongQuestion = 3000;

    /// <summary>The feature that every prompt has.</summary>
    public static readonly uint Bias = FeatureBag.KeyOf(200, 0);

    /// <summary>The feature that is the prompt's length.</summary>
    public static readonly uint Length = FeatureBag.KeyOf(202, 1);

    /// <summary>0 to 1; <paramref name="bag"/> is used as scratch.</summary>
    public static double Of(
        PromptReading reading,
        FeatureBag bag,
        ReadOnlySpan<float> tasks,
        LinearWeights weights
    )
    {
        bag.Clear();
        Add(reading, tasks, bag);
        Span<float> score = stackalloc float[1];
        score.Clear();
        weights.Score(bag.Keys, bag.Values, score);
        return 1 / (1 + Math.Exp(-score[0]));
    }

    /// <summary>Fills <paramref name="bag"/> with what difficulty is estimated from.</summary>
    public static void Add(PromptReading reading, ReadOnlySpan<float> tasks, FeatureBag bag)
    {
        var shape = reading.Shape;
        bag.Add(200, 0);
        for (var task = 0; task < tasks.Length; task++)
            bag.Add(201, (uint)task, tasks[task]);
        var tokens = Math.Max(1, shape.Tokens);
        Measure(bag, 1, MathF.Log2(1 + Math.Min(LongQuestion, shape.Chars)) / 4 - 2);
        Measure(bag, 2, MathF.Log2(1 + tokens) / 4 - 1.4f);
        Measure(bag, 3, (float)shape.WordChars / tokens / 4 - 1);
        Measure(bag, 4, (float)shape.LongWords / tokens * 4);
        Measure(bag, 5, (float)shape.Numbers / tokens * 4);
        Measure(bag, 6, MathF.Log2(1 + shape.Numbers) / 2);
        Measure(bag, 7, MathF.Log2(1 + shape.Operators) / 2);
        Measure(bag, 8, MathF.Log2(1 + shape.Latex) / 3);
        Measure(bag, 9, MathF.Log2(1 + shape.Sentences) / 2);
        Measure(bag, 10, MathF.Log2(1 + shape.Quotes) / 2);
        Measure(bag, 11, MathF.Log2(1 + shape.Upper) / 4);
        Measure(bag, 12, Math.Min(1, shape.Blanks));
        Measure(bag, 13, shape.LooksLikeCode ? 1 : 0);
        Measure(bag, 14, shape.EndsWithQuestion ? 1 : 0);
        Measure(bag, 15, MathF.Log2(1 + shape.Braces) / 3);
        if (shape.Options > 1)
        {
            var length = (float)shape.OptionChars / shape.Options;
            Measure(bag, 20, 1);
            Measure(bag, 21, MathF.Log2(1 + length) / 3 - 1);
            Measure(bag, 22, (float)shape.OptionsOfNumbers / shape.Options);
            Measure(
                bag,
                23,
                MathF.Log2(1 + Math.Max(0, shape.Chars - shape.OptionChars)) / 4 - 1.6f
            );
        }
        var cues = reading.Cues;
        for (var cue = 0; cue < cues.Length; cue++)
        {
            if (cues[cue] != 0)
                bag.Add(203, (uint)cue, 0.5f);
        }
        AddWords(reading, bag);
    }

    private static void AddWords(PromptReading reading, FeatureBag bag)
    {
        var from = bag.Count;
        var tokens = reading.Tokens;
        if (tokens.Length > 160)
            tokens = tokens[..160];
        foreach (var token in tokens)
            bag.Add(204, token.Hash);
        bag.Scale(from, 1 / MathF.Sqrt(tokens.Length + 8));
    }

    private static void Measure(FeatureBag bag, uint name, float value) =>
        bag.Add(202, name, value);
}
