using System.Text;
using Dragoman.Conversations;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every store of answers must do; a new one inherits this and says how it is made.</summary>
public abstract class ResponseStoreContract
{
    /// <summary>The time of the store.</summary>
    protected ManualTime Time { get; } = new();

    /// <summary>An empty store that keeps ten answers, an hour each, none above a thousand bytes and some.</summary>
    protected abstract IResponseStore Store { get; }

    protected static ResponseStoreOptions Options { get; } =
        new()
        {
            Capacity = 10,
            Retention = TimeSpan.FromHours(1),
            LargestBytes = 1500,
        };

    [Fact]
    public async Task Find_AnAnswer_GivesEveryMemberBack()
    {
        var put = Answer("resp_1") with
        {
            PreviousId = "resp_0",
            KeptBy = "openai",
            AnsweredBy = "openai/gpt-5",
        };
        Store.Put(put);

        var found = (await Store.FindAsync("me", "resp_1")).ShouldNotBeNull();

        (found with { Input = put.Input, Response = put.Response }).ShouldBe(put);
        Text(found.Input).ShouldBe(Text(put.Input));
        Text(found.Response).ShouldBe(Text(put.Response));
    }

    [Fact]
    public async Task Find_WithoutACaller_IsACallerOfItsOwn()
    {
        Store.Put(Answer("resp_1", caller: null));

        (await Store.FindAsync(null, "resp_1")).ShouldNotBeNull().Caller.ShouldBeNull();
        (await Store.FindAsync("me", "resp_1")).ShouldBeNull();
    }

    [Fact]
    public async Task Find_AnotherCallers_FindsNothing()
    {
        Store.Put(Answer("resp_1", "me"));

        (await Store.FindAsync("you", "resp_1")).ShouldBeNull();
        (await Store.FindAsync(null, "resp_1")).ShouldBeNull();
        (await Store.DeleteAsync("you", "resp_1")).ShouldBeFalse();
        (await Store.FindAsync("me", "resp_1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Put_TheSameIdAgain_ReplacesIt()
    {
        Store.Put(Answer("resp_1"));
        Store.Put(Answer("resp_1") with { PreviousId = "resp_9" });

        (await Store.FindAsync("me", "resp_1"))!.PreviousId.ShouldBe("resp_9");
    }

    [Fact]
    public async Task Delete_AnAnswer_ForgetsItOnce()
    {
        Store.Put(Answer("resp_1"));

        (await Store.DeleteAsync("me", "resp_1")).ShouldBeTrue();
        (await Store.DeleteAsync("me", "resp_1")).ShouldBeFalse();
        (await Store.FindAsync("me", "resp_1")).ShouldBeNull();
    }

    [Fact]
    public async Task Find_WhenItsTimeIsOver_FindsNothing()
    {
        Store.Put(Answer("resp_1"));
        Time.Advance(TimeSpan.FromMinutes(59));
        (await Store.FindAsync("me", "resp_1")).ShouldNotBeNull();

        Time.Advance(TimeSpan.FromMinutes(2));

        (await Store.FindAsync("me", "resp_1")).ShouldBeNull();
    }

    [Fact]
    public async Task Put_MoreThanThereIsRoomFor_ForgetsTheOldest()
    {
        for (var i = 0; i < 40; i++)
        {
            Store.Put(Answer($"resp_{i}"));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        (await Store.FindAsync("me", "resp_0")).ShouldBeNull();
        (await Store.FindAsync("me", "resp_20")).ShouldBeNull();
        (await Store.FindAsync("me", "resp_39")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Put_WhatIsTooLarge_KeepsNothing()
    {
        Store.Put(Answer("resp_1") with { Response = new byte[2000] });

        (await Store.FindAsync("me", "resp_1")).ShouldBeNull();
    }

    protected StoredResponse Answer(string id, string? caller = "me") =>
        new()
        {
            Id = id,
            Caller = caller,
            CreatedAt = Time.GetUtcNow(),
            Input = Encoding.UTF8.GetBytes("[{\"role\":\"user\",\"content\":\"é\"}]"),
            Response = Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\",\"output\":[]}}"),
        };

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
