using System.Globalization;

namespace Dragoman.Benchmarks.Routing;

/// <summary>What a share of strong calls gives and costs, by who chooses the prompts for them: right answers, and US dollars where the source tells them.</summary>
internal static class RoutingTable
{
    private static readonly double[] Shares = [0.1, 0.2, 0.3, 0.5, 0.7];

    public static IEnumerable<string> Of(
        IReadOnlyList<RoutedPrompt> prompts,
        IEnumerable<(string Name, double[] Scores)> contestants
    )
    {
        (string Name, double[] Scores)[] choosers =
        [
            .. contestants,
            (
                "oracle",
                [.. prompts.Select(row => Right(row.StrongCorrect) - Right(row.WeakCorrect))]
            ),
        ];
        var all = Enumerable.Range(0, prompts.Count).ToArray();
        int[] priced =
        [
            .. all.Where(i => prompts[i] is { WeakCost: not null, StrongCost: not null }),
        ];
        (string Name, int[] Rows)[] sets =
        [
            ("with costs", priced),
            ("without costs", [.. all.Except(priced)]),
        ];
        foreach (var (name, rows) in sets)
        {
            if (rows.Length == 0)
                continue;
            yield return Text(
                $"\n{rows.Length} prompts {name}: right answers in %, US dollars per 1,000 prompts"
            );
            yield return Row("all weak", [Outcome(prompts, rows, 0)]);
            yield return Row("all strong", [Outcome(prompts, rows, rows.Length)]);
            yield return Row(
                "share of strong calls",
                [.. Shares.Select(share => Text($"{share:P0}"))]
            );
            foreach (var (chooser, scores) in choosers)
            {
                int[] order = [.. rows.OrderByDescending(i => scores[i])];
                yield return Row(
                    chooser,
                    [
                        .. Shares.Select(share =>
                            Outcome(prompts, order, (int)Math.Round(share * order.Length))
                        ),
                    ]
                );
            }
        }
    }

    private static string Outcome(IReadOnlyList<RoutedPrompt> prompts, int[] order, int strong)
    {
        var right = 0.0;
        double? usd = 0;
        for (var place = 0; place < order.Length; place++)
        {
            var row = prompts[order[place]];
            right += Right(place < strong ? row.StrongCorrect : row.WeakCorrect);
            // A cost that is not told makes the sum unknown rather than smaller.
            usd += place < strong ? row.StrongCost : row.WeakCost;
        }
        var quality = Text($"{right / order.Length * 100:F1}");
        return usd is { } sum ? quality + Text($" ${sum / order.Length * 1000:F2}") : quality;
    }

    private static double Right(bool correct) => correct ? 1 : 0;

    private static string Row(string name, IEnumerable<string> cells) =>
        $"| {name} | {string.Join(" | ", cells)} |";

    private static string Text(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
