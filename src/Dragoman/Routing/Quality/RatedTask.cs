namespace Dragoman.Routing.Quality;

/// <summary>The scores of a deployment's answers at a task, beside those of all others of the house. Counts are faded by age.</summary>
/// <param name="Task">The task; empty where it is not known.</param>
/// <param name="Count">How many were rated.</param>
/// <param name="Mean">Their mean score.</param>
/// <param name="OthersCount">How many of others whose prior is known.</param>
/// <param name="OthersMean">Their mean score.</param>
/// <param name="OthersQuality">Their priors on average, answer by answer.</param>
internal sealed record RatedTask(
    string Task,
    double Count,
    double Mean,
    double OthersCount,
    double OthersMean,
    double OthersQuality
)
{
    /// <summary>What lies between always good and never good, in points of quality.</summary>
    private const double PointsPerScore = 60;

    /// <summary>Scores from 0 to 1 scatter by no more than half of that (Popoviciu), in points.</summary>
    private const double Scatter = PointsPerScore / 2;

    /// <summary>Imagined answers, as good as their prior says, with the score that a good answer usually gets.</summary>
    private const double ImaginedCount = 5;
    private const double ImaginedScore = 0.7;

    /// <summary>Adds what these scores say of the deployment's quality.</summary>
    /// <param name="seen">What was seen of it so far.</param>
    /// <param name="prior">Its prior at this task; null where it has none: then there is only what others have.</param>
    public void AddTo(ref Observation seen, (double Score, double StandardError)? prior)
    {
        var imagined = prior is null ? 0 : ImaginedCount;
        var others = OthersCount + imagined;
        if (others <= 0 || Count <= 0)
            return;
        var mean = (OthersCount * OthersMean + imagined * ImaginedScore) / others;
        var quality = (OthersCount * OthersQuality + imagined * (prior?.Score ?? 0)) / others;
        seen.Add(
            quality + PointsPerScore * (Mean - mean),
            Scatter * Scatter * (1 / Count + 1 / others),
            prior?.Score,
            Math.Min(Count, OthersCount)
        );
    }
}
