using System.Runtime.InteropServices;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// SQLite's own calls for statements that are run very often. Through the package's marshalling, crossing over takes 40 ns a column
/// or value, this way 4: it is most of what reading a hundred thousand rows, or storing a record, would otherwise cost.
/// </summary>
internal static unsafe class SqliteCalls
{
    /// <summary>SQLite takes a copy of the bytes.</summary>
    private const nint Transient = -1;

    private static readonly delegate* unmanaged<nint, int> StepCall = (delegate* unmanaged<
        nint,
        int>)Export("sqlite3_step");

    // These neither wait nor call back, and take nanoseconds: the collector may wait for them.
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int> ResetCall =
        (delegate* unmanaged[SuppressGCTransition]<nint, int>)Export("sqlite3_reset");
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, long> Int64Call =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, long>)Export("sqlite3_column_int64");
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, int> TypeCall =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, int>)Export("sqlite3_column_type");
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, byte*> TextCall =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, byte*>)Export("sqlite3_column_text");
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, int> BytesCall =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, int>)Export("sqlite3_column_bytes");
    private static readonly delegate* unmanaged[SuppressGCTransition]<
        nint,
        int,
        long,
        int> BindInt64Call = (delegate* unmanaged[SuppressGCTransition]<
        nint,
        int,
        long,
        int>)Export("sqlite3_bind_int64");
    private static readonly delegate* unmanaged[SuppressGCTransition]<
        nint,
        int,
        byte*,
        int,
        nint,
        int> BindTextCall = (delegate* unmanaged[SuppressGCTransition]<
        nint,
        int,
        byte*,
        int,
        nint,
        int>)Export("sqlite3_bind_text");

    public static int Step(nint statement) => StepCall(statement);

    /// <summary>The result of the last step, which was told already.</summary>
    public static void Reset(nint statement) => _ = ResetCall(statement);

    public static long Int64(nint statement, int column) => Int64Call(statement, column);

    public static int Type(nint statement, int column) => TypeCall(statement, column);

    /// <summary>Valid until the next step; empty where the column is NULL.</summary>
    public static ReadOnlySpan<byte> Text(nint statement, int column)
    {
        var text = TextCall(statement, column);
        return text is null ? default : new ReadOnlySpan<byte>(text, BytesCall(statement, column));
    }

    /// <param name="statement">The statement.</param>
    /// <param name="place">From 1 on.</param>
    /// <param name="value">The value.</param>
    public static int Bind(nint statement, int place, long value) =>
        BindInt64Call(statement, place, value);

    /// <inheritdoc cref="Bind(nint, int, long)"/>
    public static int Bind(nint statement, int place, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite takes that for NULL.
        byte none = 0;
        fixed (byte* text = value)
            return BindTextCall(
                statement,
                place,
                text is null ? &none : text,
                value.Length,
                Transient
            );
    }

    private static nint Export(string name) => NativeLibrary.GetExport(SqliteEngine.Library, name);
}
