using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>How long one classification takes, in quantiles, and what it allocates.</summary>
internal static class ClassificationTime
{
    private const int Rounds = 3000;

    public static IEnumerable<string> Report()
    {
        foreach (var length in (int[])[60, 2_000, 100_000])
        {
            var request = RequestOf(length);
            for (var i = 0; i < 300; i++)
                TaskClassifier.Default.Classify(request);
            var times = new double[Rounds];
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Rounds; i++)
            {
                var start = Stopwatch.GetTimestamp();
                TaskClassifier.Default.Classify(request);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
            var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
            Array.Sort(times);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{length, 7} characters: p50 {times[Rounds / 2]:F0} µs, p99 {times[Rounds * 99 / 100]:F0} µs, {allocated} bytes"
            );
        }
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
