namespace Dragoman.Benchmarks.Routing;

/// <summary>One prompt to learn difficulty from: what was found, what came of it, how much it counts.</summary>
internal sealed record Graded(Found Found, float Target, float Importance, string Domain);

/// <summary>Fits a linear score to targets by least squares with a penalty on each weight, in a fixed order.</summary>
internal sealed class RidgeTrainer
{
    private readonly Dictionary<uint, int> _index = [];
    private float[] _weights = [];

    public static RidgeTrainer Fit(
        IReadOnlyList<Graded> data,
        int epochs,
        float rate,
        float ridge,
        int support
    )
    {
        var trainer = new RidgeTrainer();
        var domains = new Dictionary<uint, HashSet<string>>();
        foreach (var row in data)
        {
            foreach (var key in row.Found.Keys)
            {
                if (!domains.TryGetValue(key, out var set))
                    domains[key] = set = [];
                if (set.Count < support)
                    set.Add(row.Domain);
            }
        }
        foreach (
            var key in domains
                .Where(pair => pair.Value.Count >= support)
                .Select(pair => pair.Key)
                .Order()
        )
            trainer._index[key] = trainer._index.Count;
        trainer._weights = new float[trainer._index.Count];
        trainer.Train(data, epochs, rate, ridge);
        return trainer;
    }

    public List<(uint Feature, float[] Weights)> Rows(float scale, uint bias, float shift) =>
        [
            .. _index
                .OrderBy(pair => pair.Key)
                .Select(pair =>
                    (
                        pair.Key,
                        new[] { _weights[pair.Value] * scale + (pair.Key == bias ? shift : 0) }
                    )
                ),
        ];

    /// <summary>Makes one feature weigh more.</summary>
    public void Add(uint feature, float weight) => _weights[_index[feature]] += weight;

    public float Score(Found found)
    {
        var score = 0f;
        for (var i = 0; i < found.Keys.Length; i++)
        {
            if (_index.TryGetValue(found.Keys[i], out var at))
                score += found.Values[i] * _weights[at];
        }
        return score;
    }

    private void Train(IReadOnlyList<Graded> data, int epochs, float rate, float ridge)
    {
        var rows = data.Select(row =>
            {
                var known = Enumerable
                    .Range(0, row.Found.Keys.Length)
                    .Where(i => _index.ContainsKey(row.Found.Keys[i]))
                    .ToArray();
                return (
                    Index: known.Select(i => _index[row.Found.Keys[i]]).ToArray(),
                    Values: known.Select(i => row.Found.Values[i]).ToArray()
                );
            })
            .ToArray();
        var squares = new float[_weights.Length];
        var sum = new double[_weights.Length];
        var order = Enumerable.Range(0, data.Count).ToArray();
        var random = new Random(2);
        var averaged = 0;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var i in order)
            {
                var (index, values) = rows[i];
                var score = 0f;
                for (var k = 0; k < index.Length; k++)
                    score += values[k] * _weights[index[k]];
                var error = (score - data[i].Target) * data[i].Importance;
                for (var k = 0; k < index.Length; k++)
                {
                    var at = index[k];
                    var gradient = error * values[k] + ridge * _weights[at];
                    squares[at] += gradient * gradient;
                    _weights[at] -= rate * gradient / MathF.Sqrt(squares[at] + 1e-1f);
                }
            }
            if (epoch < epochs / 2)
                continue;
            averaged++;
            for (var w = 0; w < sum.Length; w++)
                sum[w] += _weights[w];
        }
        for (var w = 0; w < sum.Length; w++)
            _weights[w] = (float)(sum[w] / averaged);
    }
}
