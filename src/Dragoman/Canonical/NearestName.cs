namespace Dragoman.Canonical;

/// <summary>Finds the known names that somebody who wrote another one may have meant.</summary>
internal static class NearestName
{
    private const int MaxLength = 100;

    /// <summary>The nearest name; null where none is near enough to be meant.</summary>
    public static string? Of(string written, IEnumerable<string> known) =>
        Of(written, known, 1).FirstOrDefault();

    /// <summary>The nearest names, nearest first.</summary>
    public static IReadOnlyList<string> Of(string written, IEnumerable<string> known, int most)
    {
        if (written.Length is 0 or > MaxLength)
            return [];
        var text = written.ToLowerInvariant();
        // A third of the letters may differ: more is another word.
        var limit = Math.Max(1, text.Length / 3);
        return
        [
            .. known
                .Distinct(StringComparer.Ordinal)
                .Select(name => (Name: name, Distance: Between(text, name, limit)))
                .Where(near => near.Distance <= limit)
                .OrderBy(static near => near.Distance)
                .ThenBy(static near => near.Name.Length)
                .ThenBy(static near => near.Name, StringComparer.Ordinal)
                .Take(most)
                .Select(static near => near.Name),
        ];
    }

    /// <summary>Edits between two names, a swap of neighbours counting as one; past <paramref name="limit"/> any larger number.</summary>
    private static int Between(string a, string name, int limit)
    {
        if (Math.Abs(a.Length - name.Length) > limit)
            return int.MaxValue;
        var b = name.ToLowerInvariant();
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            var spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[b.Length];
    }
}
