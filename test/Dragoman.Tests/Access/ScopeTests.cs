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

    [Fact]
    public void Visit_ANameLongerThanAnyRoom_IsToldWhole() =>
        Collected(
            Of((ScopeKind.Workspace, "*"), (ScopeKind.Tag, "*")),
            Facts() with
            {
                Workspace = new string('w', 700),
                Tags = [new string('t', 900), "x"],
            }
        )
            .Count.ShouldBe(2);

    [Fact]
    public void Visit_WhateverMatches_AllocatesNothing()
    {
        var (scope, facts) = (Of((ScopeKind.Team, "*"), (ScopeKind.Key, "key_*")), Facts());
        var counted = new Counted();
        scope.Visit(facts, ref counted);
        var before = GC.GetAllocatedBytesForCurrentThread();

        scope.Visit(facts, ref counted);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        counted.Count.ShouldBe(4);
    }

    private struct Counted : ITupleVisitor
    {
        public int Count;

        public void Visit(ReadOnlySpan<char> tuple) => Count++;
    }

    private readonly struct Visited(List<string> tuples) : ITupleVisitor
    {
        public List<string> Tuples => tuples;

        public void Visit(ReadOnlySpan<char> tuple) => tuples.Add(tuple.ToString());
    }

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
        var visited = new Visited([]);
        scope.Visit(facts, ref visited);
        visited.Tuples.ShouldBe(found);
        return found;
    }
}
