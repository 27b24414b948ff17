using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Canonical;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every store of people must do; a new one inherits this and says how it is made.</summary>
public abstract class PeopleStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An empty store.</summary>
    private protected abstract IPeopleStore Store { get; }

    [Fact]
    public async Task Read_WhatWasSaved_GivesEveryMemberBack()
    {
        var user = Anna() with
        {
            Email = "anna@example.com",
            Role = Role.Manager,
            Teams = [new Membership("b", true), new Membership("a", false)],
            IsDisabled = true,
            PasswordHash = new SecretText("hash"),
        };
        await SavedAsync(
            new PeopleChange
            {
                PutTeams = [TeamOf("a"), TeamOf("b")],
                PutUsers = [user],
                PutWorkspaces = [WorkspaceOf("w", "a"), WorkspaceOf("v", null)],
            }
        );

        var roster = await Store.ReadAsync();

        var kept = roster.FindUser("anna")!;
        (kept with { Teams = user.Teams }).ShouldBe(user);
        kept.Teams.ShouldBe(user.Teams);
        roster.FindByEmail("anna@example.com")!.Id.ShouldBe("anna");
        roster.Teams.ShouldBe([TeamOf("a"), TeamOf("b")]);
        roster.Workspaces.ShouldBe([WorkspaceOf("v", null), WorkspaceOf("w", "a")]);
    }

    [Fact]
    public async Task Save_TheNextVersion_TakesThePlaceOfTheOneBefore()
    {
        await SavedAsync(new PeopleChange { PutTeams = [TeamOf("a")] });
        await SavedAsync(
            new PeopleChange { PutUsers = [Anna() with { Teams = [new("a", true)] }] }
        );

        await SavedAsync(
            new PeopleChange { PutUsers = [Anna() with { Name = "Anne", Version = 2 }] }
        );

        var kept = (await Store.ReadAsync()).Users.ShouldHaveSingleItem();
        kept.Name.ShouldBe("Anne");
        kept.Teams.ShouldBeEmpty();
        kept.Version.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Save_AVersionThatIsNotTheNext_ChangesNothing(int version)
    {
        await SavedAsync(new PeopleChange { PutUsers = [Anna()] });

        var isSaved = await Store.SaveAsync(
            new PeopleChange
            {
                PutTeams = [TeamOf("a")],
                PutUsers = [Anna() with { Name = "Anne", Version = version }],
            }
        );

        isSaved.ShouldBeFalse();
        var roster = await Store.ReadAsync();
        roster.Users.ShouldHaveSingleItem().Name.ShouldBe("Anna");
        roster.Teams.ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_AnEmailThatIsTaken_ChangesNothing()
    {
        await SavedAsync(new PeopleChange { PutUsers = [Anna() with { Email = "a@b.example" }] });

        var isSaved = await Store.SaveAsync(
            new PeopleChange { PutUsers = [Anna() with { Id = "other", Email = "a@b.example" }] }
        );

        isSaved.ShouldBeFalse();
        (await Store.ReadAsync()).Users.ShouldHaveSingleItem().Id.ShouldBe("anna");
    }

    [Fact]
    public async Task Save_AMemberOfATeamThatIsNot_ChangesNothing()
    {
        (
            await Store.SaveAsync(
                new PeopleChange { PutUsers = [Anna() with { Teams = [new("a", false)] }] }
            )
        ).ShouldBeFalse();

        (await Store.ReadAsync()).Users.ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_DropsATeamWithAMember_OnlyTogetherWithTheMembership()
    {
        var member = Anna() with { Teams = [new("a", false)] };
        await SavedAsync(new PeopleChange { PutTeams = [TeamOf("a")], PutUsers = [member] });

        (await Store.SaveAsync(new PeopleChange { DropTeams = [TeamOf("a")] })).ShouldBeFalse();
        (await Store.ReadAsync()).Teams.ShouldHaveSingleItem();

        await SavedAsync(
            new PeopleChange
            {
                DropTeams = [TeamOf("a")],
                PutUsers = [member with { Teams = [], Version = 2 }],
            }
        );
        (await Store.ReadAsync()).Teams.ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_DropsAllKinds_AndNothingElse()
    {
        var team = TeamOf("a");
        await SavedAsync(
            new PeopleChange
            {
                PutTeams = [team, TeamOf("b")],
                PutUsers = [Anna() with { Teams = [new("a", true)] }, Anna() with { Id = "bert" }],
                PutWorkspaces = [WorkspaceOf("w", "a"), WorkspaceOf("v", "b")],
            }
        );

        await SavedAsync(
            new PeopleChange
            {
                DropTeams = [team],
                DropUsers = [Anna()],
                DropWorkspaces = [WorkspaceOf("w", "a")],
            }
        );

        var roster = await Store.ReadAsync();
        roster.Teams.ShouldHaveSingleItem().Id.ShouldBe("b");
        roster.Users.ShouldHaveSingleItem().Id.ShouldBe("bert");
        roster.Workspaces.ShouldHaveSingleItem().Id.ShouldBe("v");
    }

    [Fact]
    public async Task Save_OfTheSameVersionByMany_LetsOneThrough()
    {
        await SavedAsync(new PeopleChange { PutUsers = [Anna()] });

        var saved = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(async () =>
                        await Store.SaveAsync(
                            new PeopleChange
                            {
                                PutUsers = [Anna() with { Name = $"A{i}", Version = 2 }],
                            }
                        )
                    )
                )
        );

        saved.Count(static one => one).ShouldBe(1);
    }

    private async Task SavedAsync(PeopleChange change) =>
        (await Store.SaveAsync(change)).ShouldBeTrue();

    private protected static User Anna() =>
        new()
        {
            Id = "anna",
            Name = "Anna",
            Role = Role.Member,
            Stamp = "s1",
            CreatedAt = Noon,
            UpdatedAt = Noon.AddMicroseconds(7),
        };

    private static Team TeamOf(string id) =>
        new()
        {
            Id = id,
            Name = "Team " + id,
            CreatedAt = Noon,
            UpdatedAt = Noon,
        };

    private static Workspace WorkspaceOf(string id, string? team) =>
        new()
        {
            Id = id,
            Name = "Workspace " + id,
            Team = team,
            CreatedAt = Noon,
            UpdatedAt = Noon,
        };
}
