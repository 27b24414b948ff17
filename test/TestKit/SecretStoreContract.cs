using Dragoman.Secrets;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every store of secrets must do; a new one inherits this and says how it is made.</summary>
public abstract class SecretStoreContract
{
    /// <summary>An empty store.</summary>
    protected abstract ISecretStore Store { get; }

    protected static EncryptedSecret Of(string id, byte first = 1) =>
        new()
        {
            Id = id,
            Sealed = new byte[] { first, 2, 0, 255 },
            LastFour = "abcd",
            MasterKey = "f1",
            CreatedAt = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero),
        };

    [Fact]
    public void All_WhatWasAdded_GivesEveryMemberBackInTheOrderOfIds()
    {
        Store.Add(Of("b") with { LastFour = null }).ShouldBeTrue();
        Store.Add(Of("a", 9)).ShouldBeTrue();

        var all = Store.All();

        all.Select(static secret => secret.Id).ShouldBe(["a", "b"]);
        all[0].Sealed.ToArray().ShouldBe([9, 2, 0, 255]);
        (all[0].LastFour, all[1].LastFour).ShouldBe(("abcd", null));
        all[0].MasterKey.ShouldBe("f1");
        all[0].CreatedAt.ShouldBe(Of("a").CreatedAt);
    }

    [Fact]
    public void Add_OfAnIdThatIsThere_LeavesTheFirst()
    {
        Store.Add(Of("a", 1));

        Store.Add(Of("a", 2)).ShouldBeFalse();

        Store.All().ShouldHaveSingleItem().Sealed.Span[0].ShouldBe((byte)1);
    }

    [Fact]
    public void Remove_TellsWhetherThereWasOne()
    {
        Store.Add(Of("a"));

        Store.Remove("a").ShouldBeTrue();
        Store.Remove("a").ShouldBeFalse();

        Store.All().ShouldBeEmpty();
    }

    [Fact]
    public void Replace_OfWhatIsThereNoMore_ChangesNothing()
    {
        Store.Add(Of("a"));
        var before = Store.All();
        Store.Add(Of("b"));

        Store.Replace(before, [Of("a", 7)]).ShouldBeFalse();
        Store.Replace([Of("a", 3), Of("b")], [Of("a", 7)]).ShouldBeFalse();

        Store.All().Select(static secret => secret.Sealed.Span[0]).ShouldBe([(byte)1, (byte)1]);
        Store.Replace(Store.All(), [Of("a", 7), Of("b", 8)]).ShouldBeTrue();
        Store.All().Select(static secret => secret.Sealed.Span[0]).ShouldBe([(byte)7, (byte)8]);
    }
}
