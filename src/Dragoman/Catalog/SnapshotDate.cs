namespace Dragoman.Catalog;

/// <summary>The date that vendors hang on a model id to name a snapshot: <c>-2024-08-06</c>, <c>-20250929</c> or <c>@20250929</c>.</summary>
internal static class SnapshotDate
{
    /// <summary><paramref name="name"/> without its date; null where it has none.</summary>
    public static string? Strip(string name)
    {
        if (name.Length > 11 && IsDashed(name.AsSpan(name.Length - 11)))
            return name[..^11];
        if (
            name.Length > 9
            && name[^9] is '-' or '@'
            && IsYear(name.AsSpan(name.Length - 8, 4))
            && !name.AsSpan(name.Length - 8).ContainsAnyExceptInRange('0', '9')
        )
            return name[..^9];
        return null;
    }

    private static bool IsDashed(ReadOnlySpan<char> tail) =>
        tail[0] == '-'
        && IsYear(tail[1..5])
        && tail[5] == '-'
        && char.IsAsciiDigit(tail[6])
        && char.IsAsciiDigit(tail[7])
        && tail[8] == '-'
        && char.IsAsciiDigit(tail[9])
        && char.IsAsciiDigit(tail[10]);

    private static bool IsYear(ReadOnlySpan<char> digits) =>
        digits.StartsWith("20") && !digits.ContainsAnyExceptInRange('0', '9');
}
