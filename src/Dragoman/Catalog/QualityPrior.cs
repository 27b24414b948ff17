namespace Dragoman.Catalog;

/// <summary>
/// How good a model is thought to be before any of its answers were seen: 0 to 100 on one scale for all models, on which
/// gpt-3.5-turbo is 30 and the best model of the day the scale was made 95. Differences below about two standard errors mean nothing.
/// </summary>
public sealed class QualityPrior
{
    /// <summary>The tasks that have a score of their own, in the order of <c>quality.json</c>.</summary>
    public static readonly IReadOnlyList<string> Tasks =
    [
        "code",
        "math",
        "reasoning",
        "knowledge",
        "creative",
        "summarization",
        "translation",
        "extraction",
        "analysis",
        "chat",
        "tools",
        "longcontext",
    ];

    private readonly TaskQuality?[] _tasks;

    /// <param name="overall">Over all tasks, 0 to 100.</param>
    /// <param name="standardError">Of <paramref name="overall"/>.</param>
    /// <param name="basis">What it rests on.</param>
    /// <param name="tasks">Scores by task, in the order of <see cref="Tasks"/>; null or missing takes the overall score.</param>
    public QualityPrior(
        double overall,
        double standardError,
        QualityBasis basis = QualityBasis.Stated,
        IReadOnlyList<TaskQuality?>? tasks = null
    )
    {
        (Overall, StandardError, Basis) = (overall, standardError, basis);
        _tasks = new TaskQuality?[Tasks.Count];
        for (var i = 0; i < Math.Min(tasks?.Count ?? 0, _tasks.Length); i++)
            _tasks[i] = tasks![i];
    }

    /// <summary>Over all tasks, 0 to 100.</summary>
    public double Overall { get; }

    /// <summary>Of <see cref="Overall"/>, in its points.</summary>
    public double StandardError { get; }

    public QualityBasis Basis { get; }

    /// <summary>
    /// The score for a task by its name, e.g. <c>code</c>, <c>tools</c> or <c>longcontext</c> (also <c>long_context</c>): the overall
    /// one where nothing is known of that task; null for a word that names no task.
    /// </summary>
    public TaskQuality? For(string task)
    {
        for (var i = 0; i < _tasks.Length; i++)
        {
            if (Tasks[i] == task)
                return _tasks[i] ?? new TaskQuality(Overall, StandardError, IsMeasured: false);
        }
        return task == "long_context" ? For("longcontext") : null;
    }
}

/// <summary>A model's quality at one task.</summary>
/// <param name="Score">0 to 100 on the scale of <see cref="QualityPrior"/>.</param>
/// <param name="StandardError">Of the score, in its points.</param>
/// <param name="IsMeasured">Rests on benchmarks of that task, not on the model's ability elsewhere or on what such models usually reach.</param>
public readonly record struct TaskQuality(double Score, double StandardError, bool IsMeasured);

/// <summary>What a quality prior rests on.</summary>
public enum QualityBasis
{
    /// <summary>Benchmarks of the model.</summary>
    Measured,

    /// <summary>The measured model that it succeeds, since nobody has measured it yet.</summary>
    Successor,

    /// <summary>What models of its price, age and size reach.</summary>
    Regression,

    /// <summary>Somebody's word: configuration, or a simulated model.</summary>
    Stated,
}
