using Spectre.Console;

namespace Dragoman.Cli.Terminals;

/// <summary>A column of a sheet.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="IsRight">Numbers stand on the right.</param>
/// <param name="Spare">0 is always shown; where the screen is narrow, columns with higher numbers go first.</param>
internal sealed record Column(string Title, bool IsRight = false, int Spare = 0);

/// <summary>
/// Rows and columns: aligned and coloured on a screen, with only as many columns as fit it; piped, all of them with tabs between.
/// </summary>
internal sealed class Sheet(params IReadOnlyList<Column> columns)
{
    private const int Gap = 2;
    private readonly List<(Cell[] Cells, bool IsDim)> _rows = [];

    public void Add(params Cell[] cells) => _rows.Add((cells, false));

    public void AddDim(params Cell[] cells) => _rows.Add((cells, true));

    public void Write(Terminal terminal)
    {
        if (!terminal.IsOutShown)
        {
            terminal.Out.WriteLine(
                string.Join('\t', columns.Select(static column => column.Title.ToLowerInvariant()))
            );
            foreach (var (cells, _) in _rows)
                terminal.Out.WriteLine(
                    string.Join('\t', cells.Select(static cell => OneLine(cell.Text)))
                );
            return;
        }
        var shown = Fitting(terminal.Width);
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var index in shown)
        {
            var column = new TableColumn(new Text(columns[index].Title, Tone.Dim.Style()))
            {
                Padding = new Padding(0, 0, index == shown[^1] ? 0 : Gap, 0),
                Alignment = columns[index].IsRight ? Justify.Right : Justify.Left,
                // A name that is too long goes on in the next line, whole; numbers never do.
                NoWrap = columns[index].IsRight,
            };
            table.AddColumn(column);
        }
        foreach (var (cells, isDim) in _rows)
            table.AddRow(shown.Select(index => Render(cells[index], isDim)));
        terminal.Screen.Write(table);
    }

    private static Text Render(Cell cell, bool isDim) =>
        new(
            SafeText.Of(cell.Text, isShown: true),
            (isDim && cell.Tone is Tone.Plain ? Tone.Dim : cell.Tone).Style()
        );

    /// <summary>Columns that stay, in their order: the least important leave until the rest fits.</summary>
    private List<int> Fitting(int width)
    {
        var widths = columns
            .Select(
                (column, index) =>
                    _rows
                        .Select(row => row.Cells[index].Text.Length)
                        .Append(column.Title.Length)
                        .Max()
            )
            .ToList();
        var shown = Enumerable.Range(0, columns.Count).ToList();
        while (
            shown.Sum(index => widths[index] + Gap) - Gap > width
            && shown.MaxBy(index => columns[index].Spare) is var least
            && columns[least].Spare > 0
        )
            shown.Remove(least);
        return shown;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}

/// <summary>What stands in a row under a column.</summary>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(text ?? Figures.Unknown);
}
