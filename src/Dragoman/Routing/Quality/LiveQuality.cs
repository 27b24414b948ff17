using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Routing.Quality;

/// <summary>
/// How good deployments are thought to be now: the catalog's prior, moved by feedback. It outlives reloads; whoever reads it never waits.
/// </summary>
/// <remarks>
/// <para>
/// People differ in how generous they are, and houses in what they ask; a score of 0.8 says nothing by itself. So a deployment's
/// answers are compared, task by task, with those of all others of the house: where its mean score is <c>s</c> over <c>n</c> answers
/// and the others' is <c>h</c> over <c>m</c>, and the others' priors are <c>Q</c> on average, feedback has it that its quality is
/// <c>y = Q + 60·(s − h)</c>: of two models that are 60 points apart, one would be good always where the other never is. Who alone is
/// rated is compared with five imagined answers of its own prior that got 0.7 each, and five such stand beside the others' as well;
/// so a generous house lifts nobody by more than a point or two, and one that is only ever displeased is heard nevertheless.
/// </para>
/// <para>
/// The variance of <c>y</c> is <c>30²·(1/n + 1/m) + 4²</c>: half the range is the most that scores can scatter, and however many they
/// are, deployments are asked different things by different people. Prior and observation then weigh by their precision, as two
/// measurements with normal errors do. With a prior known to 5 points, 10 answers among 100 count for a fifth and 100 among 1,000 for half.
/// </para>
/// <para>
/// A score counts for half as much after every 90 days: models, prompts and people change. A deployment without a prior stays unknown
/// until it and the others have ten answers each that were rated. Over all tasks, it is the mean of what was moved at each, by precision.
/// </para>
/// </remarks>
/// <param name="priorOf">The prior of <c>provider/model</c> by the configuration in use; null is unknown.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveQuality(Func<string, QualityPrior?> priorOf, TimeProvider time)
{
    /// <summary>After so long a score counts for half.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(90);

    /// <summary>What is older counts for less than a two-hundredth: it need not be read from a store.</summary>
    public static readonly TimeSpan Memory = 8 * HalfLife;

    /// <summary>Scores fade this slowly: figures that are this old are as good as new.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(6);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Deployment, string Task), Sums> _sums = [];
    private readonly Dictionary<string, QualityPrior?> _priors = new(StringComparer.Ordinal);

    // Weights are kept as of this time, so that fading touches nothing: a later score only weighs more.
    private readonly DateTimeOffset _origin = time.GetUtcNow();
    private IReadOnlyDictionary<string, RatedTask[]> _rated = new Dictionary<string, RatedTask[]>();
    private long _countedAt = time.GetTimestamp();
    private int _version;

    /// <summary>Another number whenever figures may have changed: what was made of them is then to be made anew.</summary>
    public int Version
    {
        get
        {
            Refresh();
            return Volatile.Read(ref _version);
        }
    }

    /// <summary>The quality of a deployment, 0 to 100 on the scale of <see cref="QualityPrior"/>, and its standard error.</summary>
    /// <param name="deployment">Whose.</param>
    /// <param name="task">At which task; null, and a word that names none, is over all.</param>
    /// <returns>Null is unknown: nobody measured it, and too few have said what they think of it.</returns>
    public (double Score, double StandardError)? Of(Deployment deployment, string? task)
    {
        Refresh();
        var prior = deployment.Quality;
        var one = TaskNames.Find(task);
        var known = At(prior, one ?? task);
        // Requests are of the ten tasks: feedback says nothing of the two others that models are measured at.
        if (
            (one is null && task is not null && known is not null)
            || !Volatile.Read(ref _rated).TryGetValue(deployment.PublicName, out var rated)
        )
            return known ?? At(prior, null);
        var seen = new Observation();
        foreach (var at in rated)
            if (one is null || at.Task == one)
                at.AddTo(ref seen, At(prior, at.Task));
        return seen.With(known ?? At(prior, null), isAll: one is null);
    }

    /// <summary>Counts a feedback, in place of an earlier one of the same request where there was one.</summary>
    public void Take(Feedback feedback, Feedback? replaced = null)
    {
        lock (_gate)
        {
            if (replaced is not null)
                Add(replaced, -1);
            Add(feedback, 1);
            Count();
        }
    }

    /// <summary>Counts what was kept from earlier.</summary>
    public void Load(IEnumerable<Feedback> kept)
    {
        lock (_gate)
        {
            foreach (var feedback in kept)
                Add(feedback, 1);
            Count();
        }
    }

    /// <summary>Looks the priors up again: the configuration is another.</summary>
    public void Recount()
    {
        lock (_gate)
        {
            _priors.Clear();
            Count();
        }
    }

    /// <summary>What the catalog has, at a task or over all; null where it has nothing, or the word names no task.</summary>
    private static (double Score, double StandardError)? At(QualityPrior? prior, string? task)
    {
        if (prior is null)
            return null;
        if (task is null or "")
            return (prior.Overall, prior.StandardError);
        return prior.For(task) is { } at ? (at.Score, at.StandardError) : null;
    }

    private void Refresh()
    {
        // Whoever comes while another counts takes what there is.
        if (!IsStale || !_gate.TryEnter())
            return;
        try
        {
            if (IsStale)
                Count();
        }
        finally
        {
            _gate.Exit();
        }
    }

    private bool IsStale =>
        Volatile.Read(ref _rated).Count > 0
        && time.GetElapsedTime(Volatile.Read(ref _countedAt)) >= Fresh;

    private void Add(Feedback feedback, int sign)
    {
        var key = (feedback.Deployment, feedback.Task ?? "");
        var weight = sign * double.Exp2((feedback.At - _origin) / HalfLife);
        var sums = _sums.GetValueOrDefault(key);
        sums = new Sums(
            sums.Answers + sign,
            sums.Weight + weight,
            sums.Score + weight * feedback.Score
        );
        // What is taken away again leaves rounding behind, not a millionth of an answer.
        if (sums.Answers > 0)
            _sums[key] = sums;
        else
            _sums.Remove(key);
    }

    private void Count()
    {
        var faded = double.Exp2((_origin - time.GetUtcNow()) / HalfLife);
        var all = new List<(string Deployment, RatedTask Task)>(_sums.Count);
        foreach (var task in _sums.GroupBy(static sum => sum.Key.Task, StringComparer.Ordinal))
        {
            var rated = task.Select(sum => (sum.Key.Deployment, sum.Value, Prior: PriorOf(sum.Key)))
                .ToList();
            var (weight, score, quality) = (0.0, 0.0, 0.0);
            foreach (var (_, sums, prior) in rated)
                if (prior is { } known)
                {
                    weight += sums.Weight;
                    score += sums.Score;
                    quality += sums.Weight * known.Score;
                }
            foreach (var (deployment, own, prior) in rated)
            {
                var mine = prior is null ? default : own;
                var others = Math.Max(0, weight - mine.Weight);
                var known = others > 1e-9 * weight && others > 0;
                all.Add(
                    (
                        deployment,
                        new RatedTask(
                            task.Key,
                            own.Weight * faded,
                            own.Score / own.Weight,
                            known ? others * faded : 0,
                            known ? (score - mine.Score) / others : 0,
                            known ? (quality - mine.Weight * (prior?.Score ?? 0)) / others : 0
                        )
                    )
                );
            }
        }
        Volatile.Write(
            ref _rated,
            all.GroupBy(static one => one.Deployment, StringComparer.Ordinal)
                .ToDictionary(
                    static one => one.Key,
                    static one => one.Select(static pair => pair.Task).ToArray(),
                    StringComparer.Ordinal
                )
        );
        Volatile.Write(ref _countedAt, time.GetTimestamp());
        Interlocked.Increment(ref _version);
    }

    private (double Score, double StandardError)? PriorOf((string Deployment, string Task) key)
    {
        if (!_priors.TryGetValue(key.Deployment, out var prior))
            _priors[key.Deployment] = prior = priorOf(key.Deployment);
        return At(prior, key.Task);
    }

    /// <summary>Scores of a deployment at a task: how many, and their weights and weighted scores as of the origin.</summary>
    private readonly record struct Sums(int Answers, double Weight, double Score);
}
