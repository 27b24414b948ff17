using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_FolderAbsent_MakesItForTheOwnerOnly()
    {
        var path = Path.Combine(_folder.Path, "deep", "er", "usage.db");

        using var database = SqliteDatabase.Open(new DatabaseLocation(path));

        File.Exists(path).ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.GetDirectoryName(path)!)
                .ShouldBe(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                );
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void Open_New_WritesAheadAndSyncsAtCheckpoints()
    {
        using var database = Open();

        Scalar(database.Writer, "PRAGMA journal_mode").ShouldBe("wal");
        Scalar(database.Writer, "PRAGMA synchronous").ShouldBe(1L);
        Scalar(database.Writer, "PRAGMA busy_timeout").ShouldBe(10_000L);
    }

    [Fact]
    public void Open_Twice_AppliesEachScriptOnce()
    {
        const string Names = "SELECT group_concat(name) FROM schema_script ORDER BY name";
        var all = string.Join(
            ',',
            Directory
                .GetFiles(SolutionFolder.Of("src/Dragoman.Storage/Schema"))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
        using (var first = Open())
            Scalar(first.Writer, Names).ShouldBe(all);

        using var second = Open();

        Scalar(second.Writer, Names).ShouldBe(all);
    }

    [Fact]
    public void Open_MadeByANewerProgram_IsRefusedWithBothNumbers()
    {
        using (var newer = Open())
            Scalar(
                newer.Writer,
                "INSERT INTO schema_script VALUES (9000, '9000_future.sql', '2030-01-01')"
            );

        var refusal = Should.Throw<StorageException>(Open);

        refusal.Message.ShouldContain("9000");
        refusal.Message.ShouldContain("newer");
    }

    [Fact]
    public void Open_NotADatabase_SaysWhichFile()
    {
        File.WriteAllText(_folder.File("usage.db"), new string('x', 4096));

        Should.Throw<StorageException>(Open).Message.ShouldContain("usage.db");
    }

    [Fact]
    public void Open_OnLinux_TakesAnEngineAtLeastAsNewAsTheBundledOne()
    {
        using var database = Open();

        Version
            .Parse((string)Scalar(database.Writer, "SELECT sqlite_version()")!)
            .ShouldBeGreaterThanOrEqualTo(new Version(3, 35, 5));
    }

    private SqliteDatabase Open() =>
        SqliteDatabase.Open(new DatabaseLocation(_folder.File("usage.db")));

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
