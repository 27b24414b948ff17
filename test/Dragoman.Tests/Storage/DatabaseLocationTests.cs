using Dragoman.Storage;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

public sealed class DatabaseLocationTests
{
    [Fact]
    public void From_SqliteDatabase_IsItsFullPath() =>
        From(("DRAGOMAN_DATABASE", "sqlite:some/usage.db"))
            .SqlitePath.ShouldBe(Path.GetFullPath("some/usage.db"));

    [Fact]
    public void From_DataFolder_HoldsTheFile() =>
        From(("DRAGOMAN_DATA", "/srv/dragoman"))
            .SqlitePath.ShouldBe(Path.GetFullPath("/srv/dragoman/dragoman.db"));

    [Fact]
    public void From_Both_TakesTheDatabase() =>
        From(("DRAGOMAN_DATA", "/srv/dragoman"), ("DRAGOMAN_DATABASE", "sqlite:/x/y.db"))
            .SqlitePath.ShouldBe(Path.GetFullPath("/x/y.db"));

    [Fact]
    public void From_Nothing_IsInTheApplicationDataFolder() =>
        From().SqlitePath.ShouldEndWith(Path.Combine("dragoman", "dragoman.db"));

    [Fact]
    public void From_PostgreSql_IsNotSupportedYetAndNotQuoted()
    {
        var refusal = Should.Throw<StorageException>(() =>
            From(("DRAGOMAN_DATABASE", "Host=db;Password=hunter2"))
        );

        refusal.Message.ShouldContain("not supported yet");
        refusal.Message.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("sqlite:")]
    [InlineData("sqlite::memory:")]
    public void From_SqliteWithoutAFile_IsRefused(string database) =>
        Should.Throw<StorageException>(() => From(("DRAGOMAN_DATABASE", database)));

    private static DatabaseLocation From(params (string Name, string Value)[] variables) =>
        DatabaseLocation.From(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
