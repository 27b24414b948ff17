using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>Trains the difficulty estimate, and judges it by leaving one domain out.</summary>
internal sealed class DifficultyTraining
{
    // What the length of a prompt counts beside what the model has learnt, in spreads.
    private const float LengthShare = 0.4f;

    // What no model can do is hard, but a better model does not help: it counts half.
    private const float Hopeless = 0.5f;

    // Where the middle one of the plainly easy and of the plainly hard prompts comes to lie.
    private const double Easy = 0.02;
    private const double Hard = 0.86;

    private static readonly string[] Strong =
    [
        "llama-3.1-nemotron-51b-instruct",
        "llama-3.3-nemotron-super-49b-v1",
    ];

    private static readonly string[] Weak =
    [
        "mistral-7b-instruct-v0.3",
        "llama-3.1-8b-instruct",
        "gemma-2-9b-it",
        "qwen2.5-7b-instruct",
        "codegemma-7b",
    ];

    private readonly List<RoutedPrompt> _routed =
    [
        .. RoutingFiles.Lines<RoutedPrompt>(RoutingFiles.Shared("routing.jsonl")),
    ];
    private readonly List<Graded> _byDomain = [];
    private readonly List<(Graded Row, string Key)> _models = [];
    private readonly Dictionary<string, int> _domains;
    private readonly List<Graded> _byHand;

    public DifficultyTraining(LinearWeights tasks)
    {
        var reading = new PromptReading();
        var bag = new FeatureBag();
        _domains = _routed.CountBy(row => row.Domain).ToDictionary();
        foreach (var row in _routed)
        {
            // A domain of a thousand prompts says little more than one of a hundred.
            var importance = MathF.Min(1, MathF.Sqrt(150f / _domains[row.Domain]));
            var failed = (row.WeakCorrect ? 0 : 1) - (row.StrongCorrect ? 0 : Hopeless);
            _byDomain.Add(new(See(row.Prompt), failed, importance, row.Domain));
        }
        var scored = RoutingFiles
            .Lines<ScoredPrompt>(RoutingFiles.Shared("multimodel_train.jsonl"))
            .ToList();
        for (var i = 0; i < scored.Count; i++)
        {
            var failed =
                1
                - (float)Weak.Average(model => scored[i].Scores[model])
                - Hopeless * (1 - (float)Strong.Average(model => scored[i].Scores[model]));
            _models.Add(
                (new(See(scored[i].Prompt), failed, 1, $"models {i % 5}"), KeyOf(scored[i].Prompt))
            );
        }
        _byHand =
        [
            .. File.ReadLines(RoutingFiles.Own("difficulty.tsv"))
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => line.Split('\t'))
                .Select(
                    (row, i) =>
                        new Graded(See(row[1]), row[0] == "hard" ? 0.8f : 0, 6, $"hand {i % 3}")
                ),
        ];

        Found See(string prompt)
        {
            reading.Read(prompt);
            bag.Clear();
            PromptFeatures.Add(reading, bag);
            var scores = new float[TaskKinds.Count];
            tasks.Score(bag.Keys, bag.Values, scores);
            SoftmaxTrainer.Softmax(scores);
            bag.Clear();
            DifficultyEstimate.Add(reading, scores, bag);
            return new Found(bag.Keys.ToArray(), bag.Values.ToArray());
        }
    }

    /// <summary>The weights file of a model that has seen everything.</summary>
    public byte[] Weights()
    {
        var model = Fit(without: null);
        // Two points make the scale, read from models that had not seen the prompts they lie at.
        var hand = LeaveHandOut();
        var easy = Middle([.. hand.Where(row => row.Target == 0)]);
        var hard = Middle([.. hand.Where(row => row.Target > 0)]);
        var scale = (float)((Logit(Hard) - Logit(Easy)) / (hard - easy));
        var shift = (float)(Logit(Easy) - easy * scale);
        return LinearWeights.Write(model.Rows(scale, DifficultyEstimate.Bias, shift));
    }

    private List<(float Target, double Score)> LeaveHandOut() =>
        [
            .. _byHand
                .GroupBy(row => row.Domain)
                .SelectMany(part =>
                {
                    var model = Fit(without: part.Key);
                    return part.Select(row => (row.Target, (double)model.Score(row.Found)));
                }),
        ];

    private static double Middle(IReadOnlyCollection<(float Target, double Score)> rows) =>
        rows.Select(row => row.Score).Order().ElementAt(rows.Count / 2);

    private static double Logit(double share) => Math.Log(share / (1 - share));

    /// <summary>Every routed prompt's score from a model that has not seen its domain.</summary>
    public double[] LeaveDomainOut()
    {
        var scores = new double[_routed.Count];
        foreach (var domain in _domains.Keys.Order(StringComparer.Ordinal))
        {
            var model = Fit(domain);
            for (var i = 0; i < scores.Length; i++)
            {
                if (_routed[i].Domain == domain)
                    scores[i] = model.Score(_byDomain[i].Found);
            }
        }
        return scores;
    }

    /// <summary>The table: ours, the length of the prompt, and chance, by domain and mixed.</summary>
    public IEnumerable<string> Report(double[] ours)
    {
        var chance = new Random(3);
        var contestants = new (string Name, double[] Scores)[]
        {
            ("difficulty", ours),
            ("length of the prompt", [.. _routed.Select(row => (double)row.Prompt.Length)]),
            ("chance", [.. _routed.Select(_ => chance.NextDouble())]),
        };
        var all = Enumerable.Range(0, _routed.Count).ToArray();
        // A domain in which the strong model is hardly better has no gap to recover: its curve is noise divided by nothing.
        var domains = all.GroupBy(i => _routed[i].Domain)
            .Where(domain => Gap(domain) / domain.Count() >= 0.05)
            .OrderBy(domain => domain.Key, StringComparer.Ordinal)
            .ToArray();
        foreach (var (name, scores) in contestants)
        {
            var curves = domains.Select(domain => Curve(domain, scores)).ToArray();
            var weighted =
                domains.Zip(curves).Sum(pair => pair.Second.Apgr * Gap(pair.First))
                / domains.Sum(Gap);
            yield return RoutingCurve.Mean(curves).Line($"{name}, mean of {curves.Length} domains");
            yield return FormattableString.Invariant(
                $"{name + ", weighed by gap", -42} APGR {weighted:F3}"
            );
            yield return Curve(all, scores).Line($"{name}, all mixed");
            yield return Curve([.. all.Where(i => _routed[i].Source == "mmlu")], scores)
                .Line($"{name}, mmlu mixed");
        }
        foreach (var line in RoutingTable.Of(_routed, contestants))
            yield return line;
        foreach (var domain in domains)
            yield return FormattableString.Invariant(
                $"| {domain.Key} | {domain.Count()} | {Gap(domain) / domain.Count():F2} | {Curve(domain, contestants[0].Scores).Apgr:F3} | {Curve(domain, contestants[1].Scores).Apgr:F3} |"
            );
    }

    private double Gap(IEnumerable<int> prompts) =>
        prompts.Sum(i => (_routed[i].StrongCorrect ? 1.0 : 0) - (_routed[i].WeakCorrect ? 1.0 : 0));

    private RoutingCurve Curve(IEnumerable<int> prompts, double[] scores) =>
        RoutingCurve.Of([
            .. prompts.Select(i =>
                (scores[i], _routed[i].WeakCorrect ? 1.0 : 0, _routed[i].StrongCorrect ? 1.0 : 0)
            ),
        ]);

    private RidgeTrainer Fit(string? without)
    {
        // The nine models answered some of the same questions: those of the domain left out are left out there too.
        var hidden = _routed
            .Where(row => row.Domain == without)
            .Select(row => KeyOf(row.Prompt))
            .ToHashSet();
        Graded[] routed = [.. _byDomain.Where(row => row.Domain != without)];
        Graded[] models =
        [
            .. _models.Where(row => !hidden.Contains(row.Key)).Select(row => row.Row),
        ];
        var model = RidgeTrainer.Fit(
            [
                .. Centred(routed),
                .. Centred(models),
                .. Shifted(_byHand.Where(row => row.Domain != without), 0.4f),
            ],
            epochs: 8,
            rate: 0.05f,
            ridge: 0.2f,
            support: 3
        );
        // Among exam questions the longer one is the harder one more often than any single word tells; within one source the fit sees little of it.
        var length = LengthShare * Spread(routed, model.Score) / Spread(routed, LengthOf);
        model.Add(DifficultyEstimate.Length, length);
        return model;
    }

    private static float LengthOf(Found found) =>
        found.Values[Array.IndexOf(found.Keys, DifficultyEstimate.Length)];

    private static float Spread(Graded[] rows, Func<Found, float> measure)
    {
        var mean = rows.Average(row => measure(row.Found));
        return MathF.Sqrt(
            rows.Average(row => (measure(row.Found) - mean) * (measure(row.Found) - mean))
        );
    }

    private static IEnumerable<Graded> Centred(Graded[] rows) =>
        Shifted(rows, rows.Average(row => row.Target));

    private static IEnumerable<Graded> Shifted(IEnumerable<Graded> rows, float mean) =>
        rows.Select(row => row with { Target = row.Target - mean });

    private static string KeyOf(string prompt) =>
        new([.. prompt.Where(char.IsLetterOrDigit).Take(50).Select(char.ToLowerInvariant)]);
}
