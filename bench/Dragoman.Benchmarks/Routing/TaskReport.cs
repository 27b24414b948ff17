using System.Globalization;
using System.Text;
using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>Counts right and wrong answers: strict accuracy, macro-F1, the confusion matrix, accuracy by source.</summary>
internal sealed class TaskReport
{
    private readonly int[,] _confusion = new int[TaskKinds.Count, TaskKinds.Count];
    private readonly SortedDictionary<string, (int Right, int All)> _sources = new(
        StringComparer.Ordinal
    );

    public int Count { get; private set; }
    public int Right { get; private set; }
    public double Accuracy => (double)Right / Count;

    public double MacroF1 =>
        Enumerable
            .Range(0, TaskKinds.Count)
            .Average(task =>
            {
                double hits = _confusion[task, task];
                double truth = Enumerable
                    .Range(0, TaskKinds.Count)
                    .Sum(other => _confusion[task, other]);
                double said = Enumerable
                    .Range(0, TaskKinds.Count)
                    .Sum(other => _confusion[other, task]);
                return truth + said == 0 ? 0 : 2 * hits / (truth + said);
            });

    public void Add(TaskExample example, TaskKind answer)
    {
        var right = answer == example.Task;
        Count++;
        Right += right ? 1 : 0;
        _confusion[(int)example.Task, (int)answer]++;
        var key = example.Source is "held-out" or "wild" ? example.Task.Name() : example.Source;
        var before = _sources.GetValueOrDefault(key);
        _sources[key] = (before.Right + (right ? 1 : 0), before.All + 1);
    }

    public string Line(string name) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name, -52} {Accuracy:F3}  {MacroF1:F3}  ({Count})"
        );

    public string Sources() =>
        string.Join(
            "  ",
            _sources.Select(pair =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pair.Key} {(double)pair.Value.Right / pair.Value.All:F2}"
                )
            )
        );

    public string Confusion()
    {
        var text = new StringBuilder("| asked \\ said |");
        for (var task = 0; task < TaskKinds.Count; task++)
            text.Append(CultureInfo.InvariantCulture, $" {((TaskKind)task).Name()} |");
        text.Append("\n|---|");
        for (var task = 0; task < TaskKinds.Count; task++)
            text.Append("--:|");
        for (var truth = 0; truth < TaskKinds.Count; truth++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n| {((TaskKind)truth).Name()} |");
            for (var said = 0; said < TaskKinds.Count; said++)
                text.Append(CultureInfo.InvariantCulture, $" {_confusion[truth, said]} |");
        }
        return text.ToString();
    }
}
