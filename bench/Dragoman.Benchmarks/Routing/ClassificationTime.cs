using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>How long one classification takes, in quantiles, and what it allocates.</summary>
internal static class ClassificationTime
{
    private const int Rounds = 20;
    private const int Operations = 400;

    public static IEnumerable<string> Report()
    {
        foreach (var length in (int[])[60, 2_000, 100_000])
        {
            var request = RequestOf(length);
            for (var i = 0; i < 300; i++)
                TaskClassifier.Default.Classify(request);
            // The machine may do other things meanwhile: of several rounds the quietest says what the work itself takes.
            double[]? quietest = null;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var bookkeeping = 0L;
            for (var round = 0; round < Rounds; round++)
            {
                var start = GC.GetAllocatedBytesForCurrentThread();
                var times = new double[Operations];
                bookkeeping += GC.GetAllocatedBytesForCurrentThread() - start;
                Take(request, times);
                if (quietest is null || times[Quantile(99)] < quietest[Quantile(99)])
                    quietest = times;
            }
            var allocated =
                (GC.GetAllocatedBytesForCurrentThread() - before - bookkeeping)
                / Rounds
                / Operations;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{length, 7} characters: p50 {quietest![Quantile(50)]:F0} µs, p99 {quietest[Quantile(99)]:F0} µs, {allocated} bytes"
            );
        }
    }

    private static int Quantile(int percent) => Operations * percent / 100;

    private static void Take(ChatRequest request, double[] times)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            TaskClassifier.Default.Classify(request);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Array.Sort(times);
    }

    /// <summary>A question before a document of so many characters.</summary>
    public static ChatRequest RequestOf(int length)
    {
        var text = new StringBuilder(
            "Summarize the following text in three sentences, please.\n\n"
        );
        while (text.Length < length)
            text.Append(
                "The harbour was rebuilt in 1987, and \"nobody\" asked the 240 fishermen what they thought of it.\n"
            );
        return new ChatRequest
        {
            Model = JsonText.Of("auto"),
            Messages =
            [
                Message.OfText(MessageRole.System, "You are a helpful assistant."),
                Message.OfText(MessageRole.User, text.ToString()[..Math.Max(60, length)]),
            ],
        };
    }
}
