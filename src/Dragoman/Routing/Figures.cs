using System.Globalization;

namespace Dragoman.Routing;

/// <summary>Figures as reasons tell them: three digits that count, and the unknown said so.</summary>
internal static class Figures
{
    public static string Usd(decimal? usd) =>
        usd is { } known
            ? "$" + Rounded(known).ToString("0.############", CultureInfo.InvariantCulture)
            : "an unknown price";

    public static string Time(TimeSpan? time) =>
        time is not { } known ? "an unknown time"
        : known < TimeSpan.FromSeconds(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{known.TotalSeconds:0.#} s");

    public static string Quality(Candidate candidate) =>
        candidate.Quality is { } known
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"quality {known:0.#} ± {candidate.QualityError:0.#}{(candidate.Task is { } task ? $" at {task}" : "")}"
            )
            : "an unknown quality";

    /// <summary>How likely it answers well; empty where nobody looked how hard the prompt is.</summary>
    public static string Chance(Candidate candidate) =>
        candidate.Chance is { } chance
            ? string.Create(CultureInfo.InvariantCulture, $", {100 * chance:0} % likely to do")
            : "";

    private static decimal Rounded(decimal value)
    {
        if (value == 0)
            return 0;
        var decimals = 2;
        for (var size = Math.Abs(value); size < 1 && decimals < 12; size *= 10)
            decimals++;
        return decimal.Round(value, decimals);
    }
}
