namespace Dragoman.Catalog;

/// <summary>
/// How long answers usually are in this house, by task: a decaying mean that starts from what such tasks usually take. It is of all
/// deployments together, those that reason apart: were each judged by its own answers, whoever happened to be asked for short ones
/// would look cheap and be asked ever more. One for all exchanges, kept over reloads; thread-safe.
/// </summary>
public sealed class OutputLengths
{
    /// <summary>Answers that the starting length counts as.</summary>
    private const double PriorWeight = 5;

    /// <summary>Later answers push out earlier ones: of more than so many together nothing is kept.</summary>
    private const double MostWeight = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<
        (string Task, bool Reasons),
        (double Weight, double Tokens)
    > _means = [];

    /// <summary>An answer ended by itself.</summary>
    /// <param name="task">One of the ten tasks; null is any.</param>
    /// <param name="reasons">The model thinks before it answers.</param>
    /// <param name="tokens">Its tokens, thoughts included.</param>
    internal void Add(string? task, bool reasons, long tokens)
    {
        lock (_lock)
        {
            var (weight, sum) = _means.GetValueOrDefault((task ?? "", reasons));
            if (weight >= MostWeight)
                (weight, sum) = (weight / 2, sum / 2);
            _means[(task ?? "", reasons)] = (weight + 1, sum + tokens);
        }
    }

    /// <summary>What is to be expected.</summary>
    /// <param name="task">One of the ten tasks; null is any.</param>
    /// <param name="reasons">The model thinks before it answers.</param>
    /// <param name="usual">What is expected of an answer of its kind where none was seen.</param>
    internal long Of(string? task, bool reasons, long usual)
    {
        (double Weight, double Tokens) seen;
        lock (_lock)
            seen = _means.GetValueOrDefault((task ?? "", reasons));
        return seen.Weight == 0
            ? usual
            : (long)((seen.Tokens + PriorWeight * usual) / (seen.Weight + PriorWeight));
    }
}
