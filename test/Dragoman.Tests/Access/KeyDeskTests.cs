using Dragoman.Access;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class KeyDeskTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly CountingKeyStore _store = new();
    private readonly KeyBook _book;
    private readonly KeyDesk _desk;
    private bool _hasAdminKey;

    public KeyDeskTests()
    {
        _book = new KeyBook(_time);
        _desk = new KeyDesk(_book, _store, _time, () => _hasAdminKey);
    }

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(Role.Inference)]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Member)]
    [InlineData(Role.Manager)]
    public async Task Make_TheFirstThatIsNoAdmin_IsRefused(Role role)
    {
        var made = await _desk.MakeAsync(null, KeyFacts.Of("first", role));

        made.Error!.Code.ShouldBe("first_key_must_be_admin");
        _book.IsEmpty.ShouldBeTrue();
        (await _store.ReadAllAsync()).ShouldBeEmpty();
        _hasAdminKey = true;
        (await _desk.MakeAsync(Caller.AdminKey, KeyFacts.Of("first", role))).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Make_ByNobodyOnceThereIsAKey_IsRefused()
    {
        await FirstAsync();

        var second = await _desk.MakeAsync(null, KeyFacts.Of("second", Role.Admin));

        second.Error!.Code.ShouldBe("invalid_api_key");
        _book.Entries.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Load_WhatWasMadeBefore_Counts()
    {
        var made = await FirstAsync();
        var again = new KeyBook(_time);
        using var desk = new KeyDesk(again, _store, _time, () => false);

        await desk.LoadAsync();

        again.Find(KeyHash.Of(made.Secret!.Reveal()))!.Caller.Id.ShouldBe(made.After!.Id);
    }

    [Fact]
    public async Task Revoke_WhereTheStoreFails_CountsAllTheSameAndIsStoredTheNextTime()
    {
        var admin = await FirstAsync();
        var made = await _desk.MakeAsync(Of(admin), KeyFacts.Of("leaked"));
        var life = _book.Find(KeyHash.Of(made.Secret!.Reveal()))!.Caller.Life!;
        _store.IsBroken = true;

        await Should.ThrowAsync<IOException>(() => _desk.RevokeAsync(Of(admin), made.After!.Id));

        life.End!.Code.ShouldBe("key_revoked");
        (await KeptAsync(made)).RevokedAt.ShouldBeNull();
        _store.IsBroken = false;
        (await _desk.RevokeAsync(Of(admin), made.After!.Id)).Error.ShouldBeNull();
        (await KeptAsync(made)).RevokedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Remove_WhereTheStoreFails_LeavesTheKeyToBeRemovedAgain()
    {
        var admin = await FirstAsync();
        var made = await _desk.MakeAsync(Of(admin), KeyFacts.Of("old"));
        _store.IsBroken = true;
        await Should.ThrowAsync<IOException>(() => _desk.RemoveAsync(Of(admin), made.After!.Id));
        _store.IsBroken = false;

        (await _desk.RemoveAsync(Of(admin), made.After!.Id)).Error.ShouldBeNull();

        (await _store.ReadAllAsync()).Count.ShouldBe(1);
        Found(made).ShouldBeNull();
    }

    [Fact]
    public async Task Make_ManyAtOneTime_AreOrderedAsTheyWereMade()
    {
        var admin = await FirstAsync();
        var made = new List<string>();
        for (var i = 0; i < 20; i++)
            made.Add((await _desk.MakeAsync(Of(admin), KeyFacts.Of("n"))).After!.Id);

        made.Order(StringComparer.Ordinal).ShouldBe(made);
        made.ShouldAllBe(static id => id.Length == 20);
    }

    [Fact]
    public async Task Change_WhereTheStoreFails_ChangesNothing()
    {
        var admin = await FirstAsync();
        _store.IsBroken = true;

        await Should.ThrowAsync<IOException>(() =>
            _desk.ChangeAsync(Of(admin), admin.After!.Id, 1, key => key with { Name = "other" })
        );

        _book.Find(admin.After!.Id)!.Key.Name.ShouldBe("first");
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("remove")]
    [InlineData("disable")]
    [InlineData("demote")]
    [InlineData("expire")]
    public async Task Change_TheLastThatAdministers_IsRefusedUntilThereIsAnother(string how)
    {
        var admin = await FirstAsync();

        (await EndAsync(admin, how)).Error!.Code.ShouldBe("last_admin_key");
        _book.HasAdmin().ShouldBeTrue();
        await _desk.MakeAsync(Of(admin), KeyFacts.Of("second", Role.Admin));

        (await EndAsync(admin, how)).Error.ShouldBeNull();
        _book.HasAdmin().ShouldBeTrue();
    }

    [Fact]
    public async Task Rotate_WithGrace_BothSecretsAreOfTheKey()
    {
        var first = await FirstAsync();

        var rotated = await _desk.RotateAsync(Of(first), first.After!.Id, TimeSpan.FromHours(1));

        rotated.Secret!.Reveal().ShouldNotBe(first.Secret!.Reveal());
        Found(first)!.Caller.Id.ShouldBe(Found(rotated)!.Caller.Id);
        rotated.After!.LastFour.ShouldBe(rotated.Secret.Reveal()[^4..]);
        // A second rotation ends the grace of the secret before the last.
        await _desk.RotateAsync(Of(first), first.After.Id, TimeSpan.FromHours(1));
        Found(first).ShouldBeNull();
        Found(rotated).ShouldNotBeNull();
    }

    [Fact]
    public async Task Rotate_OneThatIsRevoked_IsRefused()
    {
        var admin = await FirstAsync();
        var made = await _desk.MakeAsync(Of(admin), KeyFacts.Of("gone"));
        await _desk.RevokeAsync(Of(admin), made.After!.Id);

        var rotated = await _desk.RotateAsync(Of(admin), made.After.Id, TimeSpan.Zero);

        rotated.Error!.Code.ShouldBe("key_revoked");
    }

    [Fact]
    public async Task Change_OfAnotherVersion_IsRefused()
    {
        var admin = await FirstAsync();
        await _desk.ChangeAsync(Of(admin), admin.After!.Id, 1, key => key with { Name = "two" });

        var late = await _desk.ChangeAsync(
            Of(admin),
            admin.After.Id,
            1,
            key => key with { Name = "three" }
        );

        late.Error!.Status.ShouldBe(412);
        _book.Find(admin.After.Id)!.Key.Name.ShouldBe("two");
    }

    [Fact]
    public async Task WriteUses_AfterUse_IsInTheStoreOnce()
    {
        var admin = await FirstAsync();
        Found(admin)!.Record.Use(_time.GetUtcNow());

        await _desk.WriteUsesAsync();
        var calls = _store.Calls;
        await _desk.WriteUsesAsync();

        _store.Calls.ShouldBe(calls);
        (await _store.ReadAllAsync())[0].LastUsedAt.ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    public async Task WriteUses_WhereTheStoreFails_IsTriedAgain()
    {
        var admin = await FirstAsync();
        Found(admin)!.Record.Use(_time.GetUtcNow());
        _store.IsBroken = true;
        await Should.ThrowAsync<IOException>(async () => await _desk.WriteUsesAsync());
        _store.IsBroken = false;

        await _desk.WriteUsesAsync();

        (await _store.ReadAllAsync())[0].LastUsedAt.ShouldBe(_time.GetUtcNow());
    }

    private Task<KeyChange> FirstAsync() => _desk.MakeAsync(null, KeyFacts.Of("first", Role.Admin));

    private Task<KeyChange> EndAsync(KeyChange admin, string how)
    {
        var (who, id) = (Of(admin), admin.After!.Id);
        return how switch
        {
            "revoke" => _desk.RevokeAsync(who, id),
            "remove" => _desk.RemoveAsync(who, id),
            "disable" => _desk.ChangeAsync(who, id, null, key => key with { Enabled = false }),
            "demote" => _desk.ChangeAsync(who, id, null, key => key with { Role = Role.Member }),
            _ => _desk.ChangeAsync(
                who,
                id,
                null,
                key => key with { ExpiresAt = _time.GetUtcNow() }
            ),
        };
    }

    private async Task<VirtualKey> KeptAsync(KeyChange made) =>
        (await _store.ReadAllAsync()).Single(kept => kept.Key.Id == made.After!.Id).Key;

    private Caller Of(KeyChange made) => Found(made)!.Caller;

    private KeyTicket? Found(KeyChange made) => _book.Find(KeyHash.Of(made.Secret!.Reveal()));
}
