namespace Dragoman.Catalog;

/// <summary>
/// How long a deployment's answers usually are, by task: a decaying mean that starts from what such tasks usually take. One for all
/// exchanges, kept over reloads; thread-safe, and a reader may miss the latest answer.
/// </summary>
public sealed class OutputLengths
{
    /// <summary>Answers that the starting length counts as.</summary>
    private const double PriorWeight = 5;

    /// <summary>Later answers push out earlier ones: of more than so many together nothing is kept.</summary>
    private const double MostWeight = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Weight, double Tokens)> _byTask = new(
        StringComparer.Ordinal
    );

    /// <summary>An answer ended by itself.</summary>
    /// <param name="task">One of the ten tasks; null is any.</param>
    /// <param name="tokens">Its tokens, thoughts included.</param>
    internal void Add(string? task, long tokens)
    {
        lock (_lock)
        {
            var (weight, sum) = _byTask.GetValueOrDefault(task ?? "");
            if (weight >= MostWeight)
                (weight, sum) = (weight / 2, sum / 2);
            _byTask[task ?? ""] = (weight + 1, sum + tokens);
        }
    }

    /// <summary>What is to be expected.</summary>
    /// <param name="task">One of the ten tasks; null is any.</param>
    /// <param name="usual">What is expected of an answer of its kind where none was seen.</param>
    internal long Of(string? task, long usual)
    {
        (double Weight, double Tokens) seen;
        lock (_lock)
            seen = _byTask.GetValueOrDefault(task ?? "");
        return seen.Weight == 0
            ? usual
            : (long)((seen.Tokens + PriorWeight * usual) / (seen.Weight + PriorWeight));
    }
}
