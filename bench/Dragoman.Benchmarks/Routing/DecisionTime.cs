using System.Diagnostics;
using System.Globalization;
using Dragoman.TestKit;

namespace Dragoman.Benchmarks.Routing;

/// <summary>How long it takes to decide who is asked, reading and classifying the prompt included, in quantiles, and what it allocates.</summary>
internal static class DecisionTime
{
    private const int Rounds = 20;
    private const int Operations = 400;

    public static IEnumerable<string> Report()
    {
        var way = new DecisionWay();
        yield return Line("auto,   2,000 characters", way.DecideShort);
        yield return Line("auto, 100,000 characters", way.DecideLong);
        yield return Line("a name before 1,000 rules", way.PassRules);
    }

    private static string Line(string what, Action decide)
    {
        for (var i = 0; i < 300; i++)
            decide();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Operations; i++)
            decide();
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Operations;
        // The machine may do other things meanwhile: of several rounds the quietest says what the work itself takes.
        var quietest = Enumerable.Range(0, Rounds).Select(_ => Times(decide)).MinBy(At99)!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what, -26} p50 {quietest[Operations / 2]:F0} µs, p99 {At99(quietest):F0} µs, {allocated} bytes"
        );
    }

    private static double At99(double[] times) => times[Operations * 99 / 100];

    private static double[] Times(Action decide)
    {
        var times = new double[Operations];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            decide();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Array.Sort(times);
        return times;
    }
}
