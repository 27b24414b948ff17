using System.Text.Json;
using Dragoman.Access;
using Dragoman.Administration;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every store of keys must do; a new one inherits this and says how it is made.</summary>
public abstract class KeyStoreContract
{
    /// <summary>An empty store.</summary>
    private protected abstract IKeyStore Store { get; }

    [Fact]
    public async Task ReadAll_WhatWasAdded_GivesEveryMemberBack()
    {
        var (full, bare) = (KeyFacts.Full(2), KeyFacts.Bare(1));
        (await Store.AddAsync(full)).ShouldBeTrue();
        (await Store.AddAsync(bare)).ShouldBeTrue();

        var kept = await Store.ReadAllAsync();

        kept.Select(static one => one.Key.Id).ShouldBe([bare.Id, full.Id]);
        ShouldBeSame(kept[0].Key, bare);
        ShouldBeSame(kept[1].Key, full);
        kept[0].LastUsedAt.ShouldBeNull();
        kept[0].Key.Access.ShouldBeNull();
        kept[0].Key.Tags.ShouldBeNull();
        kept[0].Key.Addresses.ShouldBeNull();
        kept[0].Key.FormerHash.ShouldBeNull();
    }

    [Fact]
    public async Task Add_AnIdOrASecretThatIsThere_ChangesNothing()
    {
        var secret = KeySecret.Make();
        await Store.AddAsync(KeyFacts.Bare(1, secret));

        (await Store.AddAsync(KeyFacts.Bare(1) with { Name = "other" })).ShouldBeFalse();
        (await Store.AddAsync(KeyFacts.Bare(2, secret))).ShouldBeFalse();

        (await Store.ReadAllAsync()).ShouldHaveSingleItem().Key.Name.ShouldBe("key 1");
    }

    [Fact]
    public async Task Replace_WithTheNextVersion_KeepsThatAndWhenItWasUsed()
    {
        await Store.AddAsync(KeyFacts.Bare(1));
        await Store.NoteUsesAsync([(KeyFacts.Bare(1).Id, KeyFacts.Noon)]);
        var next = KeyFacts.Full(1) with { Version = 2 };

        (await Store.ReplaceAsync(next)).ShouldBeTrue();

        var kept = (await Store.ReadAllAsync()).ShouldHaveSingleItem();
        ShouldBeSame(kept.Key, next);
        kept.LastUsedAt.ShouldBe(KeyFacts.Noon);
    }

    [Fact]
    public async Task Replace_OfAnotherVersionOrOfNone_ChangesNothing()
    {
        await Store.AddAsync(KeyFacts.Bare(1));

        (await Store.ReplaceAsync(KeyFacts.Bare(1) with { Version = 1 })).ShouldBeFalse();
        (await Store.ReplaceAsync(KeyFacts.Bare(1) with { Version = 3 })).ShouldBeFalse();
        (await Store.ReplaceAsync(KeyFacts.Bare(2) with { Version = 2 })).ShouldBeFalse();

        (await Store.ReadAllAsync()).ShouldHaveSingleItem().Key.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Remove_AKey_TakesItOutOnce()
    {
        await Store.AddAsync(KeyFacts.Bare(1));
        await Store.AddAsync(KeyFacts.Bare(2));

        (await Store.RemoveAsync(KeyFacts.Bare(1).Id)).ShouldBeTrue();
        (await Store.RemoveAsync(KeyFacts.Bare(1).Id)).ShouldBeFalse();

        (await Store.ReadAllAsync()).ShouldHaveSingleItem().Key.Name.ShouldBe("key 2");
    }

    [Fact]
    public async Task NoteUses_OfSomeThatAreGone_NotesTheOthers()
    {
        await Store.AddAsync(KeyFacts.Bare(1));

        await Store.NoteUsesAsync([
            ("key_gone", KeyFacts.Noon),
            (KeyFacts.Bare(1).Id, KeyFacts.Noon),
        ]);
        await Store.NoteUsesAsync([]);

        (await Store.ReadAllAsync()).ShouldHaveSingleItem().LastUsedAt.ShouldBe(KeyFacts.Noon);
    }

    private static void ShouldBeSame(VirtualKey read, VirtualKey written)
    {
        Text(read).ShouldBe(Text(written));
        read.Hash.Equals(written.Hash).ShouldBeTrue();
        read.FormerHash.HasValue.ShouldBe(written.FormerHash.HasValue);
        if (read.FormerHash is { } former)
            former.Equals(written.FormerHash!.Value).ShouldBeTrue();
        read.FormerUntil.ShouldBe(written.FormerUntil);
        read.Version.ShouldBe(written.Version);
    }

    private static string Text(VirtualKey key) =>
        JsonSerializer.Serialize(
            KeyInfo.Of(key, lastUsed: null, KeyFacts.Noon),
            KeysJson.Readable.KeyInfo
        );
}
