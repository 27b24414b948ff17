using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dragoman.Storage.Sqlite;

/// <summary>Reads many rows by SQLite's own calls.</summary>
internal sealed class RawReader : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _pointer;

    /// <summary>Prepares a statement with its values, each a <see cref="long"/> or a text.</summary>
    public RawReader(sqlite3 database, string sql, params ReadOnlySpan<object> values)
    {
        _database = database;
        var result = raw.sqlite3_prepare_v2(database, sql, out _statement);
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, database);
        _pointer = _statement.DangerousGetHandle();
        for (var i = 0; i < values.Length; i++)
        {
            _ = values[i] is long number
                ? SqliteCalls.Bind(_pointer, i + 1, number)
                : SqliteCalls.Bind(_pointer, i + 1, Encoding.UTF8.GetBytes((string)values[i]));
        }
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Read()
    {
        var result = SqliteCalls.Step(_pointer);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, _database);
        return false;
    }

    /// <summary>Zero where the column is NULL.</summary>
    public long Int64(int column) => SqliteCalls.Int64(_pointer, column);

    public bool IsNull(int column) => SqliteCalls.Type(_pointer, column) == raw.SQLITE_NULL;

    /// <summary>Valid until the next row; empty where the column is NULL.</summary>
    public ReadOnlySpan<byte> Text(int column) => SqliteCalls.Text(_pointer, column);
}
