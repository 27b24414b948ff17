namespace Dragoman.Cli.Terminals;

/// <summary>Breaks a line between its words.</summary>
internal static class Wrapping
{
    /// <summary>Rows of at most <paramref name="width"/> letters; a longer word is a row of its own and goes beyond.</summary>
    public static IReadOnlyList<string> Rows(string line, int width)
    {
        var rows = new List<string>();
        var row = "";
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (row.Length > 0 && row.Length + 1 + word.Length > width)
            {
                rows.Add(row);
                row = "";
            }
            row = row.Length == 0 ? word : row + " " + word;
        }
        if (row.Length > 0 || rows.Count == 0)
            rows.Add(row);
        return rows;
    }
}
