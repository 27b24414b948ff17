using Dragoman.Configuration.Stored;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every store of configuration must do; a new one inherits this and says how it is made.</summary>
public abstract class ConfigurationStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An empty store.</summary>
    protected abstract IConfigurationStore Store { get; }

    private static StoredEntry Entry(string kind, string id, long version, int minute = 0) =>
        new()
        {
            Kind = kind,
            Id = id,
            Json = $$"""{"name":"{{id}}","v":{{version}}}""",
            Version = version,
            CreatedAt = Noon.AddMinutes(minute),
            UpdatedAt = Noon.AddHours(version),
        };

    private static StoredVersion Version(long number) =>
        new()
        {
            Number = number,
            At = Noon.AddHours(number),
            By = number == 2 ? null : "key_1",
            What = $"change {number}",
            Document = $$"""{"n":{{number}}}""",
        };

    [Fact]
    public void Load_OfNothing_IsVersion0()
    {
        var (entries, version) = Store.Load();

        entries.ShouldBeEmpty();
        version.ShouldBe(0);
    }

    [Fact]
    public void Commit_Entries_AreThereInTheOrderInWhichTheyCame()
    {
        Store
            .Commit([Entry("routes", "z", 1), Entry("aliases", "a", 1, minute: 5)], [], Version(1))
            .ShouldBeTrue();

        var (entries, version) = Store.Load();

        entries.ShouldBe([Entry("routes", "z", 1), Entry("aliases", "a", 1, minute: 5)]);
        version.ShouldBe(1);
    }

    [Fact]
    public void Commit_PutAndRemoved_ReplaceByKindAndId()
    {
        Store.Commit(
            [Entry("routes", "a", 1), Entry("chains", "a", 1), Entry("rules", "r", 1)],
            [],
            Version(1)
        );

        Store
            .Commit([Entry("routes", "a", 2)], [Entry("rules", "r", 1)], Version(2))
            .ShouldBeTrue();

        Store
            .Load()
            .Entries.Select(static entry => (entry.Kind, entry.Version))
            .ShouldBe([("chains", 1L), ("routes", 2L)]);
    }

    [Fact]
    public void Commit_ThatDoesNotFollowTheNewest_KeepsNothing()
    {
        Store.Commit([Entry("routes", "a", 1)], [], Version(1));

        Store
            .Commit([Entry("routes", "b", 1)], [Entry("routes", "a", 1)], Version(1))
            .ShouldBeFalse();
        Store.Commit([Entry("routes", "b", 3)], [], Version(3)).ShouldBeFalse();

        Store.Load().Entries.ShouldHaveSingleItem().Id.ShouldBe("a");
        Store.Versions(null, 10).ShouldHaveSingleItem();
    }

    [Fact]
    public void Versions_AreListedNewestFirstWithoutDocuments()
    {
        for (var number = 1; number <= 4; number++)
            Store.Commit([], [], Version(number)).ShouldBeTrue();

        Store.Versions(null, 2).Select(static one => one.Number).ShouldBe([4L, 3L]);
        var older = Store.Versions(3, 10);
        older.Select(static one => one.Number).ShouldBe([2L, 1L]);
        older[0].ShouldBe(Version(2) with { Document = null });
        Store.Version(3).ShouldBe(Version(3));
        Store.Version(5).ShouldBeNull();
        Store.Version(0).ShouldBeNull();
        Store.Documents().Order().ShouldBe(["{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}"]);
    }
}
