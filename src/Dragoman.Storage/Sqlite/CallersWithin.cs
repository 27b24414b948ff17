namespace Dragoman.Storage.Sqlite;

/// <summary>A condition that names any number of callers in one value, a JSON list: a statement takes only so many values.</summary>
internal static class CallersWithin
{
    public static string Condition(string column, string value) =>
        $"{column} IN (SELECT value FROM json_each({value}))";

    public static string Value(IReadOnlyList<string> callers) => KeyColumns.Write(callers);
}
