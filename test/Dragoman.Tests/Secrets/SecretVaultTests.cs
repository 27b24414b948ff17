using System.Text;
using Dragoman.Canonical;
using Dragoman.Secrets;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Secrets;

public sealed class SecretVaultTests
{
    private const string Secret = "sk-live-0123456789abcdef";

    private readonly InMemorySecretStore _store = new();
    private readonly MasterKey _master = MasterKey.Create("test");

    private SecretVault Open(MasterKey? key = null) =>
        SecretVault.Open(_store, key ?? _master, TimeProvider.System);

    private string Keep(string secret = Secret)
    {
        var id = SecretVault.NewId("OpenAI EU");
        Open().Add(id, new SecretText(secret));
        return id;
    }

    [Fact]
    public void Find_WhatWasKept_IsThereAfterARestart()
    {
        var id = Keep();

        id.ShouldStartWith("openaieu-");
        Open().Find(id)!.Reveal().ShouldBe(Secret);
        Open().Shown(id).ShouldBe("…cdef");
        Open().Find("nothing").ShouldBeNull();
    }

    [Fact]
    public void Add_WhatTheStoreHolds_IsNotTheSecret()
    {
        Keep();

        var kept = _store.All().ShouldHaveSingleItem();

        Encoding.UTF8.GetString(kept.Sealed.Span).ShouldNotContain("sk-live");
        kept.ToString().ShouldNotContain(Secret);
    }

    [Fact]
    public void Add_TheSameSecretTwice_LooksDifferent()
    {
        Keep();
        Keep();

        var all = _store.All();
        all[0].Sealed.Span.SequenceEqual(all[1].Sealed.Span).ShouldBeFalse();
    }

    [Fact]
    public void Shown_OfAShortSecret_TellsNothingOfIt()
    {
        var id = Keep("short");

        Open().Shown(id).ShouldBe("…");
    }

    [Fact]
    public void Open_UnderAnotherKey_NamesBothAndTheRemedy()
    {
        Keep();
        var other = MasterKey.Create("DRAGOMAN_MASTER_KEY");

        var refused = Should.Throw<MasterKeyException>(() => Open(other));

        refused.Message.ShouldContain(_master.Fingerprint);
        refused.Message.ShouldContain(other.Fingerprint);
        refused.Message.ShouldContain("dragoman secrets rotate");
        refused.Message.ShouldNotContain(Secret);
    }

    [Fact]
    public void Open_WhereRowsWereSwapped_IsRefused()
    {
        Keep();
        Keep("sk-other-0123456789abcdef");
        var all = _store.All();
        _store
            .Replace(
                all,
                [all[0] with { Sealed = all[1].Sealed }, all[1] with { Sealed = all[0].Sealed }]
            )
            .ShouldBeTrue();

        Should.Throw<MasterKeyException>(() => Open()).Message.ShouldContain(all[0].Id);
    }

    [Fact]
    public void Open_WhereAnyBitWasFlipped_IsRefused()
    {
        Keep();
        var kept = _store.All()[0];
        for (var bit = 0; bit < kept.Sealed.Length * 8; bit++)
        {
            var changed = kept.Sealed.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            _store.Replace(_store.All(), [kept with { Sealed = changed }]).ShouldBeTrue();

            Should.Throw<MasterKeyException>(() => Open());
        }
        _store.Replace(_store.All(), [kept with { Sealed = kept.Sealed[..10] }]).ShouldBeTrue();
        Should.Throw<MasterKeyException>(() => Open());
    }

    [Fact]
    public void Rotate_ToAnotherKey_OpensWithThatOneOnly()
    {
        var id = Keep();
        var own = Open().OwnKey("audit");
        var next = MasterKey.Create("next");

        SecretVault.Rotate(_store, _master, next, TimeProvider.System).ShouldBe(2);

        Open(next).Find(id)!.Reveal().ShouldBe(Secret);
        Open(next).OwnKey("audit").ShouldBe(own);
        Should.Throw<MasterKeyException>(() => Open());
    }

    [Fact]
    public void Rotate_WithAWrongFormerKey_ChangesNothing()
    {
        var id = Keep();

        Should.Throw<MasterKeyException>(() =>
            SecretVault.Rotate(
                _store,
                MasterKey.Create("wrong"),
                MasterKey.Create("next"),
                TimeProvider.System
            )
        );

        Open().Find(id)!.Reveal().ShouldBe(Secret);
    }

    [Fact]
    public void OwnKey_IsMadeOnceAndIsNoneOfTheEntered()
    {
        var vault = Open();

        var key = vault.OwnKey("audit");

        key.Length.ShouldBe(32);
        vault.OwnKey("audit").ShouldBe(key);
        Open().OwnKey("audit").ShouldBe(key);
        vault.OwnKey("other").ShouldNotBe(key);
        vault.Ids().ShouldBeEmpty();
    }
}
