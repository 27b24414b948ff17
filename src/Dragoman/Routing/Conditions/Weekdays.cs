namespace Dragoman.Routing.Conditions;

/// <summary>The days of the week as configuration writes them: <c>monday</c>, <c>mon</c>, and spans such as <c>mon-fri</c>.</summary>
internal static class Weekdays
{
    private static readonly string[] Names =
    [
        "sunday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
    ];

    public static IReadOnlyList<string> All => Names;

    public static string NameOf(DayOfWeek day) => Names[(int)day];

    /// <summary>The days that a word means; null where it means none.</summary>
    public static IReadOnlyList<DayOfWeek>? Find(string word)
    {
        var dash = word.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
            return Day(word) is { } day ? [day] : null;
        if (Day(word[..dash]) is not { } first || Day(word[(dash + 1)..]) is not { } last)
            return null;
        var days = new List<DayOfWeek>();
        for (var day = (int)first; ; day = (day + 1) % 7)
        {
            days.Add((DayOfWeek)day);
            if (day == (int)last)
                return days;
        }
    }

    private static DayOfWeek? Day(string word)
    {
        var index = Array.FindIndex(Names, name => name == word || name[..3] == word);
        return index < 0 ? null : (DayOfWeek)index;
    }
}
