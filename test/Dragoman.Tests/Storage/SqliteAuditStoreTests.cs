using Dragoman.Access.Auditing;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Storage;

/// <summary>The contract, and whatever somebody with the database in their hands may do to it.</summary>
public sealed class SqliteAuditStoreTests : AuditStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteAuditStoreTests() =>
        _database = SqliteDatabase.Open(new DatabaseLocation(_folder.File("audit.db")));

    private protected override IAuditStore Store => field ??= new SqliteAuditStore(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, long> Tampering =>
        new()
        {
            { "UPDATE audit SET who = 'user:eve' WHERE number = 3", 3 },
            { "UPDATE audit SET name = NULL WHERE number = 3", 3 },
            { "UPDATE audit SET role = 'viewer' WHERE number = 3", 3 },
            { "UPDATE audit SET address = '10.0.0.1' WHERE number = 3", 3 },
            { "UPDATE audit SET user_agent = '' WHERE number = 3", 3 },
            { "UPDATE audit SET action = 'key.creat' WHERE number = 3", 3 },
            { "UPDATE audit SET subject = 'key_9' WHERE number = 3", 3 },
            { "UPDATE audit SET before = '{}' WHERE number = 3", 3 },
            { "UPDATE audit SET after = 'null' WHERE number = 3", 3 },
            { "UPDATE audit SET at_us = at_us + 1 WHERE number = 3", 3 },
            { "UPDATE audit SET sealed_by = 'another' WHERE number = 3", 3 },
            { "UPDATE audit SET mac = zeroblob(32) WHERE number = 3", 3 },
            { "UPDATE audit SET subject = who, who = subject WHERE number = 3", 3 },
            // Taken out, from the middle, the beginning and the end.
            { "DELETE FROM audit WHERE number = 3", 3 },
            { "DELETE FROM audit WHERE number = 1", 1 },
            { "DELETE FROM audit WHERE number = 5", 5 },
            { "DELETE FROM audit WHERE number > 2", 3 },
            { "DELETE FROM audit", 1 },
            // Taken out, and the gap closed.
            {
                "DELETE FROM audit WHERE number = 3; UPDATE audit SET number = number - 1 WHERE number > 3",
                3
            },
            // The end too, as it was before, or not at all.
            {
                "DELETE FROM audit WHERE number = 5; UPDATE audit_end SET count = 4, mac = (SELECT mac FROM audit WHERE number = 4)",
                5
            },
            { "UPDATE audit_end SET count = 4", 5 },
            { "DELETE FROM audit WHERE number = 5; DELETE FROM audit_end", 4 },
            // Put in between.
            {
                "UPDATE audit SET number = number + 100 WHERE number > 2; UPDATE audit SET number = number - 99 WHERE number > 100; INSERT INTO audit SELECT 3, at_us, who, name, role, address, user_agent, action, 'key_9', before, after, sealed_by, mac FROM audit WHERE number = 2",
                3
            },
            // Put behind.
            {
                "INSERT INTO audit SELECT 6, at_us, who, name, role, address, user_agent, action, subject, before, after, sealed_by, mac FROM audit WHERE number = 2",
                6
            },
            // Two changed places.
            {
                "UPDATE audit SET number = 9 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 9",
                2
            },
        };

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Check_AfterTampering_NamesTheFirstBrokenEntry(string sql, long broken)
    {
        await FillAsync();

        Run(sql);

        var check = await CheckAsync();
        check.IsWhole.ShouldBeFalse();
        check.Broken.ShouldBe(broken, check.Trouble);
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Append_AfterTampering_DoesNotHealIt(string sql, long broken)
    {
        await FillAsync();
        Run(sql);

        // Of another process, which remembers nothing of what was there.
        await new AuditTrail(Store, Keys, Time).AppendAsync(new AuditEvent { Action = "later" });
        await AddAsync("user:a", "latest");

        var check = await CheckAsync();
        check.IsWhole.ShouldBeFalse();
        check.Broken!.Value.ShouldBeLessThanOrEqualTo(Math.Max(broken, 6));
    }

    [Fact]
    public async Task Append_AfterAllWasTakenAway_ShowsThatThereWasMore()
    {
        await FillAsync();
        Run("DELETE FROM audit; DELETE FROM audit_end");

        await AddAsync("user:a", "later");

        var check = await CheckAsync();
        check.Broken.ShouldBe(1);
        (await Store.ListAsync(new AuditQuery())).ShouldHaveSingleItem().Number.ShouldBe(6);
    }

    [Fact]
    public async Task Check_WithAnEndThatWasNoted_SeesThatAnOlderDatabaseWasPutBack()
    {
        await FillAsync();
        var noted = ExpectedEnd.Read((await CheckAsync()).End!)!;
        (await CheckAsync(noted)).IsWhole.ShouldBeTrue();
        await AddAsync("user:a", "later");
        (await CheckAsync(noted)).IsWhole.ShouldBeTrue();

        var later = ExpectedEnd.Read((await CheckAsync()).End!)!;
        Run("CREATE TABLE copy AS SELECT * FROM audit_end");
        await AddAsync("user:a", "to be taken back");
        var last = ExpectedEnd.Read((await CheckAsync()).End!)!;
        Run(
            "DELETE FROM audit WHERE number = 7; DELETE FROM audit_end; INSERT INTO audit_end SELECT * FROM copy"
        );

        // Nothing in the database shows it; the noted end does.
        (await CheckAsync(later)).IsWhole.ShouldBeTrue();
        (await CheckAsync(last)).Broken.ShouldBe(7);
    }

    [Fact]
    public async Task Check_WithAnotherKey_SaysThatTheKeyIsNotAtHand()
    {
        await FillAsync();
        var other = new AuditKeys(new AuditKey(new byte[32]));

        var check = await Store.WalkAsync((end, entries) => AuditCheck.Of(end, entries, other));

        check.Broken.ShouldBe(1);
        check.Trouble!.ShouldContain("key that is not at hand");
    }

    [Fact]
    public async Task Check_OfTheFile_IsThatOfTheDatabase()
    {
        await FillAsync();

        var check = AuditRows.WalkFile(
            _database.Path,
            static (end, entries) => AuditCheck.Of(end, entries, Keys)
        );

        check.ShouldBe(await CheckAsync());
        check.Count.ShouldBe(5);
    }

    private async Task FillAsync()
    {
        for (var i = 1; i <= 5; i++)
            await AddAsync("user:a", "key.create", $"key_{i}");
        (await CheckAsync()).IsWhole.ShouldBeTrue();
    }

    private void Run(string sql)
    {
        lock (_database.WriterGate)
        {
            using var command = _database.Writer.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
