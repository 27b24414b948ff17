namespace Dragoman.Routing.Quality;

/// <summary>What feedback says of a deployment's quality, gathered task by task and weighed against the prior.</summary>
internal struct Observation
{
    /// <summary>So many answers of its own and of others make a figure where there is no prior.</summary>
    private const double Enough = 10;

    /// <summary>What no number of scores makes up for: deployments are asked different things by different people. In points.</summary>
    private const double Systematic = 4;

    private double _precision;
    private double _value;
    private double _shift;
    private double _count;

    /// <param name="value">The quality that was seen.</param>
    /// <param name="variance">Of it, by the scatter of scores.</param>
    /// <param name="prior">What was expected; null is nothing.</param>
    /// <param name="count">Answers it rests on.</param>
    public void Add(double value, double variance, double? prior, double count)
    {
        _precision += 1 / variance;
        _value += value / variance;
        _shift += (value - (prior ?? value)) / variance;
        _count += count;
    }

    /// <summary>The quality after all that was seen; null is unknown still.</summary>
    /// <param name="prior">What was known before.</param>
    /// <param name="isAll">Over all tasks: what was seen at each is how far it is from what was expected there.</param>
    public readonly (double Score, double StandardError)? With(
        (double Score, double StandardError)? prior,
        bool isAll
    )
    {
        if (_precision <= 0)
            return prior;
        var variance = 1 / _precision + Systematic * Systematic;
        if (prior is not { } before)
            return _count < Enough
                ? null
                : (Math.Clamp(_value / _precision, 0, 100), Math.Sqrt(variance));
        var seen = isAll ? before.Score + _shift / _precision : _value / _precision;
        var known = before.StandardError * before.StandardError;
        var weight = known / (known + variance);
        return (
            Math.Clamp(before.Score + weight * (seen - before.Score), 0, 100),
            Math.Sqrt(known * variance / (known + variance))
        );
    }
}
