using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>Trains the task classifier, and judges it by leaving one source out.</summary>
internal static class TaskTraining
{
    public static readonly SoftmaxOptions Options = new();

    /// <summary>
    /// What the scores are divided by, so that a confidence of 0.7 is right seven times in ten on a source that was left out. The
    /// <c>routing</c> command prints the likeliest one beside it.
    /// </summary>
    public const float Temperature = 0.8f;

    /// <summary>What the classifier sees in each example.</summary>
    public static List<(TaskExample Example, Found Found)> See(IEnumerable<TaskExample> examples)
    {
        var reading = new PromptReading();
        var bag = new FeatureBag();
        return
        [
            .. examples.Select(example =>
            {
                reading.Read(example.Text);
                bag.Clear();
                PromptFeatures.Add(reading, bag);
                return (example, new Found(bag.Keys.ToArray(), bag.Values.ToArray()));
            }),
        ];
    }

    /// <summary>The weights file of a model fitted to <paramref name="data"/>.</summary>
    public static byte[] Weights(IReadOnlyList<(TaskExample Example, Found Found)> data)
    {
        var rows = SoftmaxTrainer.Fit(data, Options).Rows();
        foreach (var (_, weights) in rows)
        {
            for (var task = 0; task < weights.Length; task++)
                weights[task] /= Temperature;
        }
        return LinearWeights.Write(rows);
    }

    /// <summary>The scores of each labelled prompt from a model that has not seen its source.</summary>
    public static List<(TaskExample Example, float[] Scores)> LeaveSourceOut(
        IReadOnlyList<(TaskExample Example, Found Found)> shared,
        IReadOnlyList<(TaskExample Example, Found Found)> own,
        SoftmaxOptions options
    )
    {
        var scored = new List<(TaskExample, float[])>();
        foreach (
            var source in shared
                .Select(d => d.Example.Source)
                .Distinct()
                .Order(StringComparer.Ordinal)
        )
        {
            var model = SoftmaxTrainer.Fit(
                [.. shared.Where(d => d.Example.Source != source), .. own],
                options
            );
            foreach (var (example, found) in shared.Where(d => d.Example.Source == source))
            {
                var scores = new float[TaskKinds.Count];
                model.Score(found, scores);
                scored.Add((example, scores));
            }
        }
        return scored;
    }

    /// <summary>The temperature at which the scores are likeliest: above one, the model was too sure of itself.</summary>
    public static float LikeliestTemperature(
        IReadOnlyList<(TaskExample Example, float[] Scores)> scored
    )
    {
        var best = (Loss: double.MaxValue, Temperature: 1f);
        for (var step = 10; step <= 60; step++)
        {
            var temperature = step / 20f;
            var loss = scored.Average(s =>
            {
                var shares = s.Scores.Select(score => score / temperature).ToArray();
                SoftmaxTrainer.Softmax(shares);
                return -Math.Log(Math.Max(1e-9, shares[(int)s.Example.Task]));
            });
            if (loss < best.Loss)
                best = (loss, temperature);
        }
        return best.Temperature;
    }

    public static TaskReport Report(IEnumerable<(TaskExample Example, float[] Scores)> scored)
    {
        var report = new TaskReport();
        foreach (var (example, scores) in scored)
            report.Add(example, (TaskKind)Array.IndexOf(scores, scores.Max()));
        return report;
    }

    /// <summary>How often each confidence was right.</summary>
    public static string Calibration(IReadOnlyList<(TaskExample Example, float[] Scores)> scored)
    {
        var bins = new (int Count, int Right, double Sum)[10];
        foreach (var (example, scores) in scored)
        {
            var shares = scores.Select(score => score / Temperature).ToArray();
            SoftmaxTrainer.Softmax(shares);
            var sure = shares.Max();
            var bin = Math.Min(9, (int)(sure * 10));
            bins[bin].Count++;
            bins[bin].Sum += sure;
            if (Array.IndexOf(shares, sure) == (int)example.Task)
                bins[bin].Right++;
        }
        return string.Join(
            "\n",
            bins.Where(bin => bin.Count > 0)
                .Select(bin =>
                    string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"| {bin.Sum / bin.Count:F2} | {(double)bin.Right / bin.Count:F2} | {bin.Count} |"
                    )
                )
        );
    }
}
