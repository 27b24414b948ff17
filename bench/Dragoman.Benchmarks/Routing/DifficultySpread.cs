using System.Globalization;
using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>Where prompts come to lie between 0 and 1, with the weights as they ship: held-out prompts by task, and the plainly easy and hard ones.</summary>
internal static class DifficultySpread
{
    public static IEnumerable<string> Report()
    {
        yield return "| prompts | lowest | 10 % | middle | 90 % | highest |";
        yield return "|---|--:|--:|--:|--:|--:|";
        var groups = File.ReadLines(RoutingFiles.Own("difficulty.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(row => (Kind: "plainly " + row[0] + " (trained on)", Text: row[1]))
            .Concat(TaskExamples.HeldOut().Select(row => (Kind: "held-out " + row.Task, row.Text)))
            .GroupBy(row => row.Kind, row => DifficultyOf(row.Text));
        foreach (var group in groups)
        {
            double[] sorted = [.. group.Order()];
            double[] cells = [0, 0.1, 0.5, 0.9, 1];
            yield return $"| {group.Key} | {string.Join(" | ", cells.Select(share => sorted[(int)(share * (sorted.Length - 1))].ToString("F2", CultureInfo.InvariantCulture)))} |";
        }
    }

    private static double DifficultyOf(string prompt) =>
        TaskClassifier.Default.Classify(prompt).Difficulty;
}
