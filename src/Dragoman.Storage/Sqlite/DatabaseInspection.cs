using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Looks at a database file without changing it: what it is, and whether it is whole.</summary>
public sealed record DatabaseInspection
{
    /// <summary>Past this size only the structure is checked: the rest would take minutes.</summary>
    private const long LargestCheckedWhole = 256L * 1024 * 1024;

    public required string Path { get; init; }

    /// <summary>Null where there is no file yet.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The newest script that was applied to it; null where it cannot be read.</summary>
    public int? Schema { get; init; }

    /// <summary>The newest script that this program knows.</summary>
    public required int KnownSchema { get; init; }

    /// <summary>What is wrong with the file; null where nothing is.</summary>
    public string? Damage { get; init; }

    /// <summary>Why nothing can be written in its folder; null where it can.</summary>
    public string? WhyNotWritable { get; init; }

    /// <summary>Bytes free where it lies; null where the system does not tell.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Looks; a large file takes some seconds.</summary>
    public static DatabaseInspection Of(DatabaseLocation location)
    {
        SqliteEngine.Load();
        var file = new FileInfo(location.SqlitePath);
        var inspection = new DatabaseInspection
        {
            Path = location.SqlitePath,
            KnownSchema = SchemaUpgrade.Newest,
            WhyNotWritable = WhyNot(file),
            FreeBytes = Free(file),
        };
        return file.Exists
            ? Read(inspection with { SizeBytes = file.Length + LengthOf(file.FullName + "-wal") })
            : inspection;
    }

    private static DatabaseInspection Read(DatabaseInspection inspection)
    {
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = inspection.Path,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ConnectionString
            );
            connection.Open();
            var check =
                inspection.SizeBytes <= LargestCheckedWhole
                    ? "PRAGMA integrity_check(1)"
                    : "PRAGMA quick_check(1)";
            var found = Ask(connection, check) as string;
            var schema = Ask(connection, "SELECT COALESCE(MAX(number), 0) FROM schema_script");
            return inspection with
            {
                Schema = Convert.ToInt32(schema, CultureInfo.InvariantCulture),
                Damage = found == "ok" ? null : found,
            };
        }
        catch (SqliteException exception)
        {
            return inspection with { Damage = exception.Message };
        }
    }

    /// <summary>What is written lies in the log until it is folded in.</summary>
    private static long LengthOf(string path) =>
        new FileInfo(path) is { Exists: true } log ? log.Length : 0;

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Tries it, in the folder or in the nearest one above that is there: rights alone do not tell of read-only disks.</summary>
    private static string? WhyNot(FileInfo file)
    {
        var folder = Existing(file.Directory);
        if (folder is null)
            return "no folder above it exists";
        var trial = System.IO.Path.Combine(
            folder.FullName,
            ".dragoman-" + Guid.NewGuid().ToString("N")
        );
        try
        {
            using (
                new FileStream(
                    trial,
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.None,
                    1,
                    FileOptions.DeleteOnClose
                )
            ) { }
            if (file.Exists)
                using (file.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) { }
            return null;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return trouble.Message;
        }
    }

    private static long? Free(FileInfo file)
    {
        try
        {
            return Existing(file.Directory) is { } folder
                ? new DriveInfo(folder.FullName).AvailableFreeSpace
                : null;
        }
        catch (Exception trouble)
            when (trouble is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static DirectoryInfo? Existing(DirectoryInfo? folder)
    {
        while (folder is { Exists: false })
            folder = folder.Parent;
        return folder;
    }
}
