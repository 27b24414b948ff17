using System.Globalization;

namespace Dragoman.Benchmarks.Routing;

/// <summary>
/// What a router wins over the weak model as it sends more of the prompts to the strong one. APGR is the area under the performance gap recovered,
/// CPT(x) the share of strong calls at which x of the gap is first recovered: both as RouteLLM (Ong et al. 2024, §3.2) defines them and its
/// repository computes them, here at every possible threshold. Tenths is APGR read at 0, 10 … 100 % of strong calls alone: the mean of those eleven
/// points, which lies a little nearer to 0.5.
/// </summary>
internal sealed record RoutingCurve(double Apgr, double Cpt50, double Cpt80, double Tenths)
{
    /// <summary>The curve of sending the prompts with the highest scores first; prompts of equal score share their gain.</summary>
    public static RoutingCurve Of(IReadOnlyList<(double Score, double Weak, double Strong)> prompts)
    {
        var gap = prompts.Sum(p => p.Strong - p.Weak);
        var recovered = 0.0;
        var area = 0.0;
        double? half = null;
        double? most = null;
        var sent = 0;
        var tenths = 0.0;
        var tenth = 1;
        foreach (var equal in prompts.GroupBy(p => p.Score).OrderByDescending(group => group.Key))
        {
            var gain = equal.Sum(p => p.Strong - p.Weak) / gap;
            var count = equal.Count();
            area += (recovered + gain / 2) * count / prompts.Count;
            half ??= Reached(0.5);
            most ??= Reached(0.8);
            for (; tenth <= 10 && tenth * prompts.Count <= (sent + count) * 10; tenth++)
                tenths += recovered + gain * (tenth * prompts.Count / 10.0 - sent) / count;
            recovered += gain;
            sent += count;

            double? Reached(double share) =>
                recovered + gain < share
                    ? null
                    : (sent + count * Math.Clamp((share - recovered) / gain, 0, 1)) / prompts.Count;
        }
        return new(area, half ?? 1, most ?? 1, tenths / 11);
    }

    public static RoutingCurve Mean(IReadOnlyCollection<RoutingCurve> curves) =>
        new(
            curves.Average(c => c.Apgr),
            curves.Average(c => c.Cpt50),
            curves.Average(c => c.Cpt80),
            curves.Average(c => c.Tenths)
        );

    public string Line(string name) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name, -34} APGR {Apgr:F3} (tenths {Tenths:F3})   CPT(50) {Cpt50:P1}   CPT(80) {Cpt80:P1}"
        );
}
