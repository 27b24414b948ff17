using Dragoman.Access.Sessions;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every store of sessions must do.</summary>
public abstract class SessionStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An empty store.</summary>
    private protected abstract ISessionStore Store { get; }

    [Fact]
    public async Task Read_WhatWasAdded_GivesEveryMemberBack()
    {
        var session = Of("ses_1") with { Address = "::1", UserAgent = "curl/8 „x“" };
        await Store.AddAsync(session);
        await Store.AddAsync(Of("ses_2"));

        (await Store.ReadAllAsync())
            .OrderBy(static one => one.Id, StringComparer.Ordinal)
            .ShouldBe([session, Of("ses_2")]);
    }

    [Fact]
    public async Task Remove_SomeAndOneThatIsNot_LeavesTheOthers()
    {
        await Store.AddAsync(Of("ses_1"));
        await Store.AddAsync(Of("ses_2"));

        await Store.RemoveAsync(["ses_1", "ses_9"]);

        (await Store.ReadAllAsync()).ShouldHaveSingleItem().Id.ShouldBe("ses_2");
    }

    [Fact]
    public async Task NoteUses_OfSome_ChangesTheirTimeAlone()
    {
        await Store.AddAsync(Of("ses_1"));
        await Store.AddAsync(Of("ses_2"));

        await Store.NoteUsesAsync([("ses_1", Noon.AddHours(1)), ("ses_9", Noon)]);

        (await Store.ReadAllAsync())
            .OrderBy(static one => one.Id, StringComparer.Ordinal)
            .ShouldBe([Of("ses_1") with { LastUsedAt = Noon.AddHours(1) }, Of("ses_2")]);
    }

    private static Session Of(string id) =>
        new()
        {
            Id = id,
            Hash = "hash of " + id,
            Caller = "user:anna",
            Stamp = "s1",
            CreatedAt = Noon,
            LastUsedAt = Noon,
        };
}
