using Dragoman.Access;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class ScopeTests
{
    private static readonly Caller Somebody = new()
    {
        Id = "key_1",
        Name = "a key",
        Role = Role.Inference,
        User = "ada",
        Teams = ["research", "sales"],
    };

    [Fact]
    public void Collect_NoMembers_CountsEverythingTogether() =>
        Collected(Scope.Everything, Facts()).ShouldBe([""]);

    [Fact]
    public void Collect_EveryKey_CountsEachByItself() =>
        Collected(Of((ScopeKind.Key, "*")), Facts()).ShouldBe(["key=key_1"]);

    [Fact]
    public void Collect_SeveralTeams_CountsUnderEachThatMatches() =>
        Collected(Of((ScopeKind.Team, "*"), (ScopeKind.User, "ada")), Facts())
            .ShouldBe(["team=research, user=ada", "team=sales, user=ada"]);

    [Fact]
    public void Collect_OneMemberDoesNotMatch_CountsNowhere() =>
        Collected(Of((ScopeKind.Team, "research"), (ScopeKind.User, "eve")), Facts())
            .ShouldBeEmpty();

    [Fact]
    public void Collect_ValueIsUnknown_CountsNowhere() =>
        Collected(Of((ScopeKind.Provider, "*")), Facts()).ShouldBeEmpty();

    [Fact]
    public void Collect_Tags_CountsUnderEach() =>
        Collected(Of((ScopeKind.Tag, "proj-*")), Facts() with { Tags = ["x", "proj-1", "proj-2"] })
            .ShouldBe(["tag=proj-1", "tag=proj-2"]);

    private static ScopeFacts Facts() => new() { Caller = Somebody, Tags = [] };

    private static Scope Of(params (ScopeKind Kind, string Pattern)[] members) =>
        new([
            .. members.Select(static member =>
                KeyValuePair.Create(member.Kind, new NamePattern(member.Pattern))
            ),
        ]);

    private static List<string> Collected(Scope scope, ScopeFacts facts)
    {
        var found = new List<string>();
        scope.Collect(facts, found);
        scope.Holds(facts).ShouldBe(found.Count > 0);
        return found;
    }
}
