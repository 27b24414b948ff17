using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Canonical;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access.People;

/// <summary>Who may make what of whom: every way up that somebody could try.</summary>
public sealed class PeopleDeskTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly List<VirtualKey> _keys = [];
    private readonly InMemoryPeopleStore _store = new();
    private readonly PeopleBook _book;
    private readonly PeopleDesk _desk;

    public PeopleDeskTests()
    {
        _book = new PeopleBook(_store);
        _desk = new PeopleDesk(_book, () => _keys, _time);
    }

    public async ValueTask InitializeAsync()
    {
        foreach (var team in new[] { "red", "blue" })
            await _desk.AddTeamAsync(null, TeamOf(team), null);
        await AddAsync("root", Role.Admin);
        await AddAsync("mia", Role.Manager, ("red", true), ("blue", false));
        await AddAsync("max", Role.Manager, ("blue", true));
        await AddAsync("rob", Role.Member, ("red", false));
        await AddAsync("two", Role.Member, ("red", false), ("blue", false));
        await AddAsync("bea", Role.Member, ("blue", false));
        await AddAsync("eye", Role.Viewer, ("red", false));
        await AddAsync("top", Role.Admin, ("red", false));
        await AddAsync("ann", Role.Member);
        foreach (var (id, team) in new[] { ("shop", "red"), ("bank", "blue") })
            await _desk.AddWorkspaceAsync(null, WorkspaceOf(id, team));
    }

    public ValueTask DisposeAsync()
    {
        _book.Dispose();
        return default;
    }

    [Fact]
    public void Manager_Sees_TheOwnTeamsAndNobodyElse()
    {
        var reach = new PeopleReach(_book.Current, Caller("mia"));

        _book
            .Current.Users.Where(reach.Sees)
            .Select(static user => user.Id)
            .ShouldBe(["eye", "mia", "rob", "top", "two"]);
        _book.Current.Teams.Where(reach.Sees).Select(static team => team.Id).ShouldBe(["red"]);
        _book.Current.Workspaces.Where(reach.Sees).Select(static one => one.Id).ShouldBe(["shop"]);
    }

    [Theory]
    // A viewer reads what no manager may; an admin may everything.
    [InlineData(Role.Viewer, "red", "role_too_high")]
    [InlineData(Role.Admin, "red", "role_too_high")]
    [InlineData(Role.Member, "blue", "outside_own_teams")]
    [InlineData(Role.Member, null, "outside_own_teams")]
    [InlineData(Role.Manager, "red", null)]
    [InlineData(Role.Inference, "red", null)]
    public async Task Manager_MakesAUser_OnlyOfTheOwnTeamsAndRolesNotAboveTheirs(
        Role role,
        string? team,
        string? code
    ) =>
        await CodeShouldBeAsync(
            code,
            () =>
                _desk.AddUserAsync(
                    Caller("mia"),
                    UserOf("new", role, team is null ? [] : [(team, false)])
                )
        );

    [Theory]
    [InlineData("rob", null)]
    [InlineData("bea", "not_found")]
    [InlineData("max", "not_found")]
    [InlineData("ann", "not_found")]
    [InlineData("root", "not_found")]
    [InlineData("two", "outside_own_teams")]
    [InlineData("eye", "outside_own_teams")]
    [InlineData("top", "outside_own_teams")]
    public async Task Manager_DisablesAUser_OnlyOneTheyAnswerForWholly(string id, string? code) =>
        await CodeShouldBeAsync(
            code,
            () =>
                _desk.ChangeUserAsync(
                    Caller("mia"),
                    id,
                    static user => user with { IsDisabled = true }
                )
        );

    [Theory]
    [InlineData("rob", "outside_own_teams", "red", "blue")]
    [InlineData("rob", null)]
    [InlineData("two", null, "blue")]
    [InlineData("two", "outside_own_teams", "red")]
    public async Task Manager_ChangesTeamsOfAUser_OnlyTheOwnOnes(
        string id,
        string? code,
        params string[] teams
    ) =>
        await CodeShouldBeAsync(
            code,
            () =>
                _desk.ChangeUserAsync(
                    Caller("mia"),
                    id,
                    user =>
                        user with
                        {
                            Teams = [.. teams.Select(team => new Membership(team, false))],
                        }
                )
        );

    [Fact]
    public async Task Manager_TakesAStrangerIntoTheTeam_IsRefused()
    {
        // Whoever is in no other team would be theirs altogether: their password too.
        await CodeShouldBeAsync(
            "invalid_request",
            () =>
                _desk.ChangeTeamAsync(
                    Caller("mia"),
                    "red",
                    static team => team,
                    Members("rob", "two", "mia", "eye", "top", "ann")
                )
        );
        _book.Current.FindUser("ann")!.Teams.ShouldBeEmpty();
    }

    [Fact]
    public async Task Manager_ChangesOwnTeam_PutsMembersOut()
    {
        await _desk.ChangeTeamAsync(
            Caller("mia"),
            "red",
            static team => team with { Name = "Reds" },
            new Dictionary<string, bool>(StringComparer.Ordinal)
            {
                ["mia"] = true,
                ["eye"] = false,
                ["top"] = false,
                ["two"] = true,
            }
        );

        _book.Current.FindTeam("red")!.Name.ShouldBe("Reds");
        _book.Current.FindUser("rob")!.Teams.ShouldBeEmpty();
        _book.Current.FindUser("two")!.Teams.ShouldContain(new Membership("red", true));
    }

    [Fact]
    public async Task Manager_MakesOrDeletesTeams_IsRefused()
    {
        await CodeShouldBeAsync(
            "admins_only",
            () => _desk.AddTeamAsync(Caller("mia"), TeamOf("green"), null)
        );
        await CodeShouldBeAsync(
            "admins_only",
            () => _desk.DropTeamAsync(Caller("mia"), "red", static _ => { }, detach: true)
        );
        await CodeShouldBeAsync(
            "not_found",
            () => _desk.ChangeTeamAsync(Caller("mia"), "blue", static team => team, null)
        );
    }

    [Theory]
    [InlineData("shop", "red", null)]
    [InlineData("shop", "blue", "outside_own_teams")]
    [InlineData("shop", null, "outside_own_teams")]
    [InlineData("bank", "red", "not_found")]
    public async Task Manager_ChangesAWorkspace_OnlyWithinTheOwnTeams(
        string id,
        string? team,
        string? code
    ) =>
        await CodeShouldBeAsync(
            code,
            () => _desk.ChangeWorkspaceAsync(Caller("mia"), id, one => one with { Team = team })
        );

    [Theory]
    [InlineData("root")]
    [InlineData("mia")]
    public async Task Anybody_ChangesTheirOwnStanding_IsRefused(string id)
    {
        await CodeShouldBeAsync(
            "own_standing",
            () =>
                _desk.ChangeUserAsync(
                    Caller(id),
                    id,
                    static user => user with { Role = Role.Member }
                )
        );
        await CodeShouldBeAsync(
            "own_standing",
            () =>
                _desk.ChangeUserAsync(
                    Caller(id),
                    id,
                    static user => user with { IsDisabled = true }
                )
        );
        await CodeShouldBeAsync(
            "own_standing",
            () => _desk.DropUserAsync(Caller(id), id, static _ => { })
        );
    }

    [Fact]
    public async Task DropTeam_ThatIsNeeded_NamesWhoNeedsIt()
    {
        var refused = await Should.ThrowAsync<PeopleRefusedException>(() =>
            _desk.DropTeamAsync(null, "blue", static _ => { }, detach: false)
        );

        refused.Error.Status.ShouldBe(409);
        foreach (
            var named in new[] { "user bea", "user max", "user mia", "user two", "workspace bank" }
        )
            refused.Message.ShouldContain(named);
        await _desk.DropTeamAsync(null, "blue", static _ => { }, detach: true);
        _book.Current.FindUser("bea")!.Teams.ShouldBeEmpty();
        _book.Current.FindUser("two")!.Teams.ShouldHaveSingleItem().Team.ShouldBe("red");
        _book.Current.FindWorkspace("bank")!.Team.ShouldBeNull();
        (await _store.ReadAsync()).FindTeam("blue").ShouldBeNull();
    }

    [Fact]
    public async Task Drop_WhatAKeyBelongsTo_IsRefusedEvenWhereTheRestIsLetGo()
    {
        _keys.Add(KeyOf("key_1") with { User = "rob", Team = "red", Workspace = "shop" });

        await CodeShouldBeAsync("in_use", () => _desk.DropUserAsync(null, "rob", static _ => { }));
        await CodeShouldBeAsync(
            "in_use",
            () => _desk.DropTeamAsync(null, "red", static _ => { }, detach: true)
        );
        await CodeShouldBeAsync(
            "in_use",
            () => _desk.DropWorkspaceAsync(null, "shop", static _ => { })
        );

        _keys[0] = _keys[0] with { RevokedAt = _time.GetUtcNow() };
        await CodeShouldBeAsync(null, () => _desk.DropUserAsync(null, "rob", static _ => { }));
    }

    [Fact]
    public async Task ChangeUser_WhatSignsThemIn_EndsTheirSessionsAndNothingElseDoes()
    {
        var before = _book.Current.FindUser("rob")!.Stamp;

        await _desk.ChangeUserAsync(
            null,
            "rob",
            static user => user with { Name = "Robert", Teams = [] }
        );
        _book.Current.FindUser("rob")!.Stamp.ShouldBe(before);

        foreach (
            var change in new Func<User, User>[]
            {
                static user => user with { Role = Role.Manager },
                static user => user with { IsDisabled = true },
                static user => user with { Email = "rob@example.com" },
                static user => user with { PasswordHash = new SecretText("h") },
            }
        )
        {
            var stamp = _book.Current.FindUser("rob")!.Stamp;
            await _desk.ChangeUserAsync(null, "rob", change);
            _book.Current.FindUser("rob")!.Stamp.ShouldNotBe(stamp);
        }
    }

    [Fact]
    public async Task Change_WhileAnotherProcessWasFaster_IsRefusedAndReadsAnew()
    {
        var rob = (await _store.ReadAsync()).FindUser("rob")!;
        await _store.SaveAsync(
            new PeopleChange
            {
                PutUsers = [rob with { Name = "elsewhere", Version = rob.Version + 1 }],
            }
        );

        await CodeShouldBeAsync(
            "changed_meanwhile",
            () => _desk.ChangeUserAsync(null, "rob", static user => user with { Name = "here" })
        );

        _book.Current.FindUser("rob")!.Name.ShouldBe("elsewhere");
        await CodeShouldBeAsync(
            null,
            () => _desk.ChangeUserAsync(null, "rob", static user => user with { Name = "here" })
        );
    }

    [Fact]
    public void ManagedBy_AKeyOfAUser_IsWhatTheUserLooksAfterNow()
    {
        var key = new Caller
        {
            Id = "key_1",
            Name = "k",
            Role = Role.Manager,
            User = "mia",
            Teams = ["blue"],
        };

        _book.Current.ManagedBy(key).ShouldBe(["red"]);
        _book.Current.ManagedBy(key with { User = "rob" }).ShouldBeEmpty();
        _book.Current.ManagedBy(key with { User = null }).ShouldBe(["blue"]);
        _book.Current.ManagedBy(key with { Role = Role.Member }).ShouldBeEmpty();
    }

    private static async Task CodeShouldBeAsync(string? code, Func<Task> change)
    {
        string? refused = null;
        try
        {
            await change();
        }
        catch (PeopleRefusedException refusal)
        {
            refused = refusal.Error.Code;
        }
        refused.ShouldBe(code);
    }

    private Caller Caller(string id) => _book.Current.CallerOf(id)!;

    private Task<User> AddAsync(string id, Role role, params (string Team, bool Manages)[] teams) =>
        _desk.AddUserAsync(null, UserOf(id, role, teams));

    private static User UserOf(string id, Role role, (string Team, bool Manages)[] teams) =>
        new()
        {
            Id = id,
            Name = id,
            Role = role,
            Teams = [.. teams.Select(static one => new Membership(one.Team, one.Manages))],
            Stamp = PeopleDesk.NewStamp(),
            CreatedAt = default,
            UpdatedAt = default,
        };

    private static Team TeamOf(string id) =>
        new()
        {
            Id = id,
            Name = id,
            CreatedAt = default,
            UpdatedAt = default,
        };

    private static Workspace WorkspaceOf(string id, string? team) =>
        new()
        {
            Id = id,
            Name = id,
            Team = team,
            CreatedAt = default,
            UpdatedAt = default,
        };

    private static Dictionary<string, bool> Members(params string[] ids) =>
        ids.ToDictionary(static id => id, static _ => false, StringComparer.Ordinal);

    private static VirtualKey KeyOf(string id) =>
        new()
        {
            Id = id,
            Name = id,
            Hash = KeyHash.Of(id),
            LastFour = "abcd",
            Role = Role.Inference,
            CreatedAt = default,
            UpdatedAt = default,
        };
}
