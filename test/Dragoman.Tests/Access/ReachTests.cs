using Dragoman.Access;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class ReachTests
{
    private readonly KeyBook _book = new(TimeProvider.System);
    private readonly Reach _reach;

    public ReachTests()
    {
        _reach = new Reach(_book);
        Put(1, user: "ann", team: "red");
        Put(2, user: "ann");
        Put(3, user: "bob", team: "red");
        Put(4, user: "bob", team: "blue");
        Put(5);
    }

    [Theory]
    [InlineData(Role.Inference, "key_00000001")]
    [InlineData(Role.Member, "key_00000001,key_00000002,user:ann")]
    [InlineData(Role.Manager, "key_00000001,key_00000002,key_00000003,user:ann")]
    public void CallersOf_AKeyOfAnnsInRed_AreThoseOfItsRole(Role role, string callers) =>
        _reach
            .CallersOf(CallerOf(1, role, "ann", "red"))!
            .Order(StringComparer.Ordinal)
            .ShouldBe(callers.Split(','));

    [Theory]
    [InlineData(Role.Admin)]
    [InlineData(Role.Viewer)]
    public void CallersOf_WhoSeesAll_AreNotBounded(Role role) =>
        _reach.CallersOf(CallerOf(5, role, null, null)).ShouldBeNull();

    [Fact]
    public void CallersOf_AMemberKeyOfNobody_IsItselfAlone() =>
        // Keys that belong to nobody have that in common, and nothing else.
        _reach.CallersOf(CallerOf(5, Role.Member, null, null)).ShouldBe(["key_00000005"]);

    [Theory]
    [InlineData(Role.Member, Role.Inference, "ann", null, null)]
    [InlineData(Role.Member, Role.Member, "ann", "red", null)]
    [InlineData(Role.Member, Role.Viewer, "ann", null, "role")]
    [InlineData(Role.Member, Role.Manager, "ann", null, "role")]
    [InlineData(Role.Member, Role.Inference, "bob", null, "user_id")]
    [InlineData(Role.Member, Role.Inference, null, null, "user_id")]
    [InlineData(Role.Member, Role.Inference, null, "red", "user_id")]
    [InlineData(Role.Member, Role.Inference, "ann", "blue", "team_id")]
    [InlineData(Role.Manager, Role.Manager, "bob", "red", null)]
    [InlineData(Role.Manager, Role.Inference, null, "red", null)]
    [InlineData(Role.Manager, Role.Admin, "ann", "red", "role")]
    [InlineData(Role.Manager, Role.Viewer, "ann", "red", "role")]
    [InlineData(Role.Manager, Role.Inference, "bob", null, "team_id")]
    [InlineData(Role.Manager, Role.Inference, null, "blue", "team_id")]
    [InlineData(Role.Admin, Role.Admin, null, null, null)]
    public void WhyNotGive_ByAnnInRed_NamesWhatIsBeyondHer(
        Role role,
        Role given,
        string? user,
        string? team,
        string? field
    )
    {
        var key = KeyFacts.Bare(9) with { Role = given, User = user, Team = team };

        var denied = Reach.WhyNotGive(CallerOf(1, role, "ann", "red"), key);

        if (field is null)
            denied.ShouldBeNull();
        else
            denied!.Param.ShouldBe(field);
    }

    [Fact]
    public void WhyNotGive_ByAKeyThatIsBoundItself_IsDenied()
    {
        VirtualKey[] bound =
        [
            KeyFacts.Bare(1) with
            {
                Access = ModelAccess.Of(["a/b"], null, null),
            },
            KeyFacts.Bare(1) with
            {
                Addresses = AddressList.Of(["10.0.0.1"]),
            },
            KeyFacts.Bare(1) with
            {
                Workspace = "w",
            },
            KeyFacts.Bare(1) with
            {
                Tier = "t",
            },
            KeyFacts.Bare(1) with
            {
                Tags = ["t"],
            },
            KeyFacts.Bare(1) with
            {
                ExpiresAt = DateTimeOffset.MaxValue,
            },
        ];
        var wanted = KeyFacts.Bare(9) with { User = "ann" };

        foreach (var key in bound)
            Reach
                .WhyNotGive(CallerOf(1, Role.Member, "ann", "red") with { Key = key }, wanted)
                .ShouldNotBeNull();
    }

    private void Put(int number, string? user = null, string? team = null) =>
        _book.Put(KeyFacts.Bare(number) with { User = user, Team = team });

    private static Caller CallerOf(int number, Role role, string? user, string? team) =>
        new()
        {
            Id = KeyFacts.Bare(number).Id,
            Name = "caller",
            Role = role,
            User = user,
            Teams = team is null ? [] : [team],
        };
}
