using Dragoman.Conversations;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Conversations;

public sealed class WriteBehindResponseStoreTests
{
    private static readonly ResponseStoreOptions Options = new();

    [Fact]
    public async Task Find_WhileTheStoreIsSlow_FindsItAtOnce()
    {
        var slow = new Gated(new InMemoryResponseStore(Options, TimeProvider.System));
        await using var store = Behind(slow);

        store.Put(Answer("resp_1"));

        (await store.FindAsync("me", "resp_1")).ShouldNotBeNull();
        (await slow.FindAsync("me", "resp_1")).ShouldBeNull();
        slow.Open();
    }

    [Fact]
    public async Task Dispose_WithSomeWaiting_HandsThemOn()
    {
        var slow = new Gated(new InMemoryResponseStore(Options, TimeProvider.System));
        var store = Behind(slow);
        for (var i = 0; i < 5; i++)
            store.Put(Answer($"resp_{i}"));
        slow.Open();

        await store.DisposeAsync();

        for (var i = 0; i < 5; i++)
            (await slow.FindAsync("me", $"resp_{i}")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Delete_WhatStillWaits_IsNotWrittenLater()
    {
        var slow = new Gated(new InMemoryResponseStore(Options, TimeProvider.System));
        var store = Behind(slow);
        store.Put(Answer("resp_1"));
        store.Put(Answer("resp_2"));

        (await store.DeleteAsync("me", "resp_2")).ShouldBeTrue();
        slow.Open();
        await store.DisposeAsync();

        (await slow.FindAsync("me", "resp_1")).ShouldNotBeNull();
        (await slow.FindAsync("me", "resp_2")).ShouldBeNull();
    }

    [Fact]
    public async Task Put_WhenTheStoreFails_GoesOnWithTheNext()
    {
        var failing = new Gated(new InMemoryResponseStore(Options, TimeProvider.System))
        {
            FailsFor = "resp_1",
        };
        failing.Open();
        var store = Behind(failing);

        store.Put(Answer("resp_1"));
        store.Put(Answer("resp_2"));
        await store.DisposeAsync();

        (await failing.FindAsync("me", "resp_1")).ShouldBeNull();
        (await failing.FindAsync("me", "resp_2")).ShouldNotBeNull();
    }

    private static StoredResponse Answer(string id) =>
        new()
        {
            Id = id,
            Caller = "me",
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Input = "[]"u8.ToArray(),
            Response = "{}"u8.ToArray(),
        };

    private static WriteBehindResponseStore Behind(IResponseStore store) =>
        new(store, NullLogger<WriteBehindResponseStore>.Instance);

    /// <summary>A store whose writes wait until it is opened.</summary>
    private sealed class Gated(IResponseStore store) : IResponseStore
    {
        private readonly ManualResetEventSlim _open = new();

        public string? FailsFor { get; init; }

        public void Open() => _open.Set();

        public void Put(StoredResponse response)
        {
            _open.Wait(TimeSpan.FromSeconds(30));
            if (response.Id == FailsFor)
                throw new IOException("full");
            store.Put(response);
        }

        public ValueTask<StoredResponse?> FindAsync(
            string? caller,
            string id,
            CancellationToken cancellationToken = default
        ) => store.FindAsync(caller, id, cancellationToken);

        public ValueTask<bool> DeleteAsync(
            string? caller,
            string id,
            CancellationToken cancellationToken = default
        ) => store.DeleteAsync(caller, id, cancellationToken);
    }
}
