using System.Globalization;

namespace Dragoman.Benchmarks.Budgets;

/// <summary><c>budgets</c> runs the races of <c>docs/reliability.md</c> and prints its table; <c>budgets NAME</c> those whose name contains the word.</summary>
internal static class BudgetCommand
{
    private static readonly Race[] Races =
    [
        new("plain") { Affordable = 40 },
        new("plain, more than clients") { Affordable = 300 },
        new("streams") { Affordable = 200, Streams = true },
        new("upstream fails 3 of 10") { Affordable = 150, FailuresOfTen = 3 },
        new("streams, upstream fails 3 of 10")
        {
            Affordable = 150,
            Streams = true,
            FailuresOfTen = 3,
        },
        new("clients leave 3 of 10") { Affordable = 200, LeftOfTen = 3 },
        new("streams, clients leave 4 of 10")
        {
            Affordable = 200,
            Streams = true,
            LeftOfTen = 4,
        },
        new("streams that outgrow")
        {
            Affordable = 900,
            Streams = true,
            Outgrows = true,
        },
        new("answers of any length, unstreamed") { Affordable = 900, Outgrows = true },
        new("three budgets at once, four workspaces") { Affordable = 240, ByWorkspace = true },
        new("kill -9 once") { Affordable = 200, Kills = 1 },
        new("kill -9 three times, streams")
        {
            Affordable = 400,
            Streams = true,
            Kills = 3,
        },
        new("kill -9 twice, streams that outgrow, clients leave 2 of 10")
        {
            Affordable = 4_000,
            Streams = true,
            Outgrows = true,
            LeftOfTen = 2,
            Kills = 2,
        },
        new("kill -9 twice, upstream fails 2 of 10")
        {
            Affordable = 300,
            FailuresOfTen = 2,
            Kills = 2,
        },
    ];

    /// <summary>The result is the number of races in which something was wrong.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var word = args.ElementAtOrDefault(1) ?? "";
        var wrong = 0;
        Console.WriteLine(
            "| Race | Limit | Affordable | Served | Refused | Ended | Left | Lost | Spent | Ledger | Orphaned | Overrun | Highest spent + reserved | Samples | Seconds |"
        );
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (race, seed) in Races.Select(static (race, i) => (race, i + 1)))
        {
            if (!race.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
                continue;
            var result = await race.RunAsync(seed);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {race.Name} | {race.Limit:0.000} | {(race.Outgrows ? "–" : race.Affordable)} | {result.Served} | {result.Refused} | {result.Broken} | {result.Left} | {result.Unknown} | {result.Spent:0.000} | {result.Ledger:0.000} | {result.Orphaned:0.000} | {result.Overrun:0.000} | {result.Highest:0.000} | {result.Samples} | {result.Took.TotalSeconds:0.0} |"
                )
            );
            foreach (var mistake in result.Mistakes)
                Console.WriteLine("  WRONG: " + mistake);
            wrong += result.Mistakes.Count > 0 ? 1 : 0;
        }
        Console.WriteLine(
            wrong == 0 ? "Every invariant held in every race." : $"{wrong} races went wrong."
        );
        return wrong;
    }
}
