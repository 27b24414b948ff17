using Dragoman.Canonical;
using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public class KeyPoolTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static KeyPool Pool(params string[] keys) =>
        new(keys.Select(static key => new SecretText(key)));

    [Fact]
    public void Take_SeveralKeys_TakesTurns()
    {
        var pool = Pool("a", "b", "c");
        var taken = Enumerable.Range(0, 6).Select(_ => pool.Take("m", Now)!.Index).ToArray();
        taken.Take(3).ShouldBe([0, 1, 2], ignoreOrder: true);
        taken.Skip(3).ShouldBe(taken.Take(3));
    }

    [Fact]
    public void Take_RefusedKey_RestsTenMinutes()
    {
        var pool = Pool("a", "b");
        var refused = pool.Take("m", Now)!;
        refused.MarkRefused(Now);
        for (var i = 0; i < 4; i++)
            pool.Take("m", Now.AddMinutes(9)).ShouldNotBeSameAs(refused);
        Enumerable
            .Range(0, 2)
            .Select(_ => pool.Take("m", Now.AddMinutes(10)))
            .ShouldContain(refused);
    }

    [Fact]
    public void Take_KeyRefusedForOneModel_ServesTheOthers()
    {
        var pool = Pool("a");
        pool.Take("m", Now)!.MarkRefused("m", Now);
        pool.Take("m", Now).ShouldBeNull();
        pool.Take("n", Now).ShouldNotBeNull();
        pool.Take("m", Now + KeyPool.Rest).ShouldNotBeNull();
    }

    [Fact]
    public void Take_AllKeysRest_IsNull()
    {
        var pool = Pool("a", "b");
        pool.Take("m", Now)!.MarkRefused(Now);
        pool.Take("m", Now)!.MarkRefused(Now);
        pool.Take("m", Now).ShouldBeNull();
    }

    [Fact]
    public void MarkRefused_ForModelsThatClientsInvent_StaysBoundedAndKeepsTheLast()
    {
        var pool = Pool("a");
        var key = pool.Take("m", Now)!;
        for (var i = 0; i < 5000; i++)
            key.MarkRefused($"invented-{i}", Now);
        key.IsUsable("invented-4999", Now).ShouldBeFalse();
        Enumerable
            .Range(0, 5000)
            .Count(i => !key.IsUsable($"invented-{i}", Now))
            .ShouldBeInRange(1, 1024);
    }

    [Fact]
    public void Inherit_AfterAReload_KeepsTheRestOfKnownKeysOnly()
    {
        var former = Pool("a", "b");
        former.Take("m", Now)!.MarkRefused(Now);
        former.Take("m", Now)!.MarkRefused(Now);
        var pool = Pool("new", "b");
        pool.Inherit(former);
        var taken = Enumerable.Range(0, 4).Select(_ => pool.Take("m", Now)!.Secret.Reveal());
        taken.ShouldAllBe(static secret => secret == "new");
    }

    [Fact]
    public void PooledKey_Printed_DoesNotShowItsSecret()
    {
        var key = Pool("sk-hidden").Take("m", Now)!;
        key.ToString().ShouldBe("key 1");
        key.Secret.ToString().ShouldBe("***");
        key.Bearer.ShouldBe("Bearer sk-hidden");
    }
}
