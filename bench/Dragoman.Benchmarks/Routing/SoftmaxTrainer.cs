using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>What was found in one example: features by hash, with their values.</summary>
internal sealed record Found(uint[] Keys, float[] Values);

/// <summary>How the softmax is fitted.</summary>
internal sealed record SoftmaxOptions
{
    public int Epochs { get; init; } = 24;
    public float Rate { get; init; } = 0.12f;
    public float Ridge { get; init; } = 4e-4f;

    /// <summary>How much one template of our own counts beside the square root of a source's examples.</summary>
    public float OwnShare { get; init; } = 2.5f;

    /// <summary>In how many groups a feature must occur.</summary>
    public int Support { get; init; } = 2;
}

/// <summary>Fits a linear softmax by AdaGrad, one example after another in a fixed order: the same data, the same weights.</summary>
internal sealed class SoftmaxTrainer
{
    private readonly Dictionary<uint, int> _index = [];
    private float[] _weights = [];

    public static SoftmaxTrainer Fit(
        IReadOnlyList<(TaskExample Example, Found Found)> data,
        SoftmaxOptions options
    )
    {
        var trainer = new SoftmaxTrainer();
        trainer.Select(data, options.Support);
        trainer.Train(data, Weigh(data, options), options);
        return trainer;
    }

    /// <summary>The weights by feature, in the order of the hashes.</summary>
    public List<(uint Feature, float[] Weights)> Rows() =>
        [
            .. _index
                .OrderBy(pair => pair.Key)
                .Select(pair =>
                    (
                        pair.Key,
                        _weights.AsSpan(pair.Value * TaskKinds.Count, TaskKinds.Count).ToArray()
                    )
                ),
        ];

    public void Score(Found found, Span<float> scores)
    {
        scores.Clear();
        for (var i = 0; i < found.Keys.Length; i++)
        {
            if (!_index.TryGetValue(found.Keys[i], out var row))
                continue;
            for (var task = 0; task < TaskKinds.Count; task++)
                scores[task] += found.Values[i] * _weights[row * TaskKinds.Count + task];
        }
    }

    // What occurs in one source only tells sources apart, not tasks.
    private void Select(IReadOnlyList<(TaskExample Example, Found Found)> data, int support)
    {
        var groups = new Dictionary<uint, HashSet<string>>();
        foreach (var (example, found) in data)
        {
            foreach (var key in found.Keys)
            {
                if (!groups.TryGetValue(key, out var set))
                    groups[key] = set = [];
                if (set.Count < support)
                    set.Add(example.Group);
            }
        }
        foreach (
            var key in groups
                .Where(pair => pair.Value.Count >= support)
                .Select(pair => pair.Key)
                .Order()
        )
            _index[key] = _index.Count;
        _weights = new float[_index.Count * TaskKinds.Count];
    }

    // A source's share grows with the square root of its examples; each task counts the same.
    private static float[] Weigh(
        IReadOnlyList<(TaskExample Example, Found Found)> data,
        SoftmaxOptions options
    )
    {
        var cells = data.GroupBy(d => (d.Example.Group, d.Example.Task))
            .ToDictionary(
                cell => cell.Key,
                cell =>
                    cell.First().Example.IsOwn
                        ? options.OwnShare / cell.Count()
                        : MathF.Sqrt(cell.Count()) * 1.5f / cell.Count()
            );
        var weights = data.Select(d => cells[(d.Example.Group, d.Example.Task)]).ToArray();
        var totals = new float[TaskKinds.Count];
        for (var i = 0; i < weights.Length; i++)
            totals[(int)data[i].Example.Task] += weights[i];
        var mean = weights.Sum() / TaskKinds.Count;
        for (var i = 0; i < weights.Length; i++)
            weights[i] *= mean / totals[(int)data[i].Example.Task] * data.Count / weights.Length;
        var average = weights.Average();
        for (var i = 0; i < weights.Length; i++)
            weights[i] /= average;
        return weights;
    }

    private void Train(
        IReadOnlyList<(TaskExample Example, Found Found)> data,
        float[] importance,
        SoftmaxOptions options
    )
    {
        const int tasks = TaskKinds.Count;
        var rows = data.Select(d => Known(d.Found)).ToArray();
        var squares = new float[_weights.Length];
        var sum = new double[_weights.Length];
        var order = Enumerable.Range(0, data.Count).ToArray();
        var random = new Random(1);
        Span<float> scores = stackalloc float[tasks];
        var averaged = 0;
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var i in order)
            {
                var (index, values) = rows[i];
                scores.Clear();
                for (var k = 0; k < index.Length; k++)
                {
                    var weights = _weights.AsSpan(index[k] * tasks, tasks);
                    for (var task = 0; task < tasks; task++)
                        scores[task] += values[k] * weights[task];
                }
                Softmax(scores);
                scores[(int)data[i].Example.Task] -= 1;
                for (var task = 0; task < tasks; task++)
                    scores[task] *= importance[i];
                for (var k = 0; k < index.Length; k++)
                {
                    var at = index[k] * tasks;
                    for (var task = 0; task < tasks; task++)
                    {
                        var gradient =
                            scores[task] * values[k]
                            + options.Ridge * data.Count / 100 * _weights[at + task];
                        squares[at + task] += gradient * gradient;
                        _weights[at + task] -=
                            options.Rate * gradient / MathF.Sqrt(squares[at + task] + 1e-2f);
                    }
                }
            }
            // The mean of the last passes is steadier than the last one.
            if (epoch >= options.Epochs * 2 / 3)
            {
                averaged++;
                for (var w = 0; w < sum.Length; w++)
                    sum[w] += _weights[w];
            }
        }
        for (var w = 0; w < sum.Length; w++)
            _weights[w] = (float)(sum[w] / averaged);
    }

    private (int[] Index, float[] Values) Known(Found found)
    {
        var known = found
            .Keys.Select(
                (key, i) =>
                    (Known: _index.TryGetValue(key, out var row), Row: row, Value: found.Values[i])
            )
            .Where(entry => entry.Known)
            .ToArray();
        return ([.. known.Select(entry => entry.Row)], [.. known.Select(entry => entry.Value)]);
    }

    public static void Softmax(Span<float> scores)
    {
        var most = float.MinValue;
        foreach (var score in scores)
            most = MathF.Max(most, score);
        var sum = 0f;
        for (var i = 0; i < scores.Length; i++)
            sum += scores[i] = MathF.Exp(scores[i] - most);
        for (var i = 0; i < scores.Length; i++)
            scores[i] /= sum;
    }
}
