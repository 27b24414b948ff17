using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// Reads many rows by SQLite's own calls. A summary reads up to a hundred thousand rows of a dozen columns each; through ADO.NET, or
/// the package's marshalling, most of its time would go into crossing over (40 ns a column against 4 this way).
/// </summary>
internal sealed unsafe class RawReader : IDisposable
{
    private static readonly delegate* unmanaged<nint, int> StepCall = (delegate* unmanaged<
        nint,
        int>)Export("sqlite3_step");

    // These neither wait nor call back, and take nanoseconds: the collector may wait for them.
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, long> Int64Call =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, long>)Export("sqlite3_column_int64");
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, int> TypeCall =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, int>)Export("sqlite3_column_type");
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, byte*> TextCall =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, byte*>)Export("sqlite3_column_text");
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, int> BytesCall =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, int>)Export("sqlite3_column_bytes");

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
            if (values[i] is long number)
                raw.sqlite3_bind_int64(_statement, i + 1, number);
            else
                raw.sqlite3_bind_text(
                    _statement,
                    i + 1,
                    Encoding.UTF8.GetBytes((string)values[i]).AsSpan()
                );
        }
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Read()
    {
        var result = StepCall(_pointer);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, _database);
        return false;
    }

    /// <summary>Zero where the column is NULL.</summary>
    public long Int64(int column) => Int64Call(_pointer, column);

    public bool IsNull(int column) => TypeCall(_pointer, column) == raw.SQLITE_NULL;

    /// <summary>Valid until the next row; empty where the column is NULL.</summary>
    public ReadOnlySpan<byte> Text(int column)
    {
        var text = TextCall(_pointer, column);
        return text is null ? default : new ReadOnlySpan<byte>(text, BytesCall(_pointer, column));
    }

    private static nint Export(string name) => NativeLibrary.GetExport(SqliteEngine.Library, name);
}
