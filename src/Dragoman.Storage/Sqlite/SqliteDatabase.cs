using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// An SQLite file with its schema brought up to date: one connection that writes, guarded by <see cref="WriterGate"/>, and pooled
/// ones that read beside it (write-ahead log).
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    private const UnixFileMode OwnerOnlyFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _readers;
    private readonly string _mappedReaders;

    private SqliteDatabase(string path)
    {
        Path = path;
        _readers = new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;
        // Another text is another pool.
        _mappedReaders = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = 31,
        }.ConnectionString;
        Writer = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
            }.ConnectionString
        );
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Hold it while using <see cref="Writer"/>.</summary>
    internal Lock WriterGate { get; } = new();

    internal SqliteConnection Writer { get; }

    /// <summary>Opens the file, making it and its folder (for the owner only) where they are absent.</summary>
    /// <exception cref="StorageException">It cannot be opened, or a newer program made it.</exception>
    public static SqliteDatabase Open(DatabaseLocation location)
    {
        SqliteEngine.Load();
        var database = new SqliteDatabase(location.SqlitePath);
        try
        {
            CreateFile(location.SqlitePath);
            database.OpenWriter();
            SchemaUpgrade.Apply(database.Writer);
            return database;
        }
        catch (Exception exception)
            when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            database.Dispose();
            throw new StorageException(
                $"The database {location.SqlitePath} cannot be opened: {exception.Message}",
                exception
            );
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file. Stores are disposed first: an open statement would keep the write-ahead log from being folded in.</summary>
    public void Dispose()
    {
        Writer.Dispose();
        using var readers = new SqliteConnection(_readers);
        SqliteConnection.ClearPool(readers);
        using var mapped = new SqliteConnection(_mappedReaders);
        SqliteConnection.ClearPool(mapped);
    }

    /// <summary>A connection to read with; disposing it gives it back.</summary>
    internal SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_readers);
        connection.Open();
        return connection;
    }

    /// <summary>
    /// A connection for who reads tens of thousands of pages once: the file is mapped, so that none of them is copied. Only what is
    /// touched takes memory. A file that others cut short while it is read so would end the process, where it is only an error else.
    /// </summary>
    internal SqliteConnection OpenMappedReader()
    {
        var connection = new SqliteConnection(_mappedReaders);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA mmap_size = 1073741824";
        command.ExecuteNonQuery();
        return connection;
    }

    private void OpenWriter()
    {
        Writer.Open();
        using var command = Writer.CreateCommand();
        // NORMAL: a killed process loses nothing that was committed; a power cut may lose the last commits, never the file.
        command.CommandText = """
            PRAGMA busy_timeout = 10000;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA journal_size_limit = 67108864;
            """;
        command.ExecuteNonQuery();
    }

    private static void CreateFile(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }
        Directory.CreateDirectory(folder, OwnerOnlyFolder);
        if (File.Exists(path))
            return;
        // SQLite would take the process's umask; its log files take the mode of this one.
        using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = OwnerOnlyFile,
            }
        );
    }
}
