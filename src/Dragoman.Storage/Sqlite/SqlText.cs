using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Small statements with their values in the order of <c>@1, @2 …</c>.</summary>
internal static class SqlText
{
    /// <summary>A command on a connection, in the transaction if there is one.</summary>
    public static SqliteCommand Command(
        SqliteConnection connection,
        SqliteTransaction? transaction,
        string sql,
        params ReadOnlySpan<object?> values
    )
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Every text is a constant of its store; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"@{i + 1}", values[i] ?? DBNull.Value);
        return command;
    }

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public static int Run(
        SqliteTransaction transaction,
        string sql,
        params ReadOnlySpan<object?> values
    )
    {
        using var command = Command(transaction.Connection!, transaction, sql, values);
        return command.ExecuteNonQuery();
    }

    public static string? Text(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset Time(this SqliteDataReader row, int column) =>
        Microseconds.Time(row.GetInt64(column));
}
