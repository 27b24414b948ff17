using Dragoman.Access;
using Dragoman.Access.Sessions;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access.Sessions;

public sealed class SessionBookTests
{
    private static readonly SessionOptions Options = new();

    private readonly ManualTime _time = new();
    private readonly InMemorySessionStore _store = new();
    private readonly Dictionary<string, SessionHolder> _holders = new(StringComparer.Ordinal);
    private readonly SessionBook _book;

    public SessionBookTests()
    {
        _holders["user:anna"] = Holder("user:anna", "s1");
        _book = Book();
    }

    [Fact]
    public async Task Use_TheSecret_FindsWhoItIsOf()
    {
        var (session, secret) = await OpenAsync();

        var found = _book.Use(secret)!.Value;

        found.Session.Id.ShouldBe(session.Id);
        found.Holder.Caller.Id.ShouldBe("user:anna");
        secret.Length.ShouldBe(SessionSecret.Length);
        (await _store.ReadAllAsync()).ShouldHaveSingleItem().ToString().ShouldNotContain(secret);
    }

    [Fact]
    public async Task Use_AnotherSecret_FindsNothing()
    {
        var (session, secret) = await OpenAsync();

        _book.Use(secret.ToUpperInvariant()).ShouldBeNull();
        _book.Use(secret + "x").ShouldBeNull();
        _book.Use(session.Hash[..SessionSecret.Length]).ShouldBeNull();
        _book.Use(session.Id).ShouldBeNull();
        _book.Use("").ShouldBeNull();
    }

    [Fact]
    public async Task Use_AfterIdling_HasEnded()
    {
        var (_, secret) = await OpenAsync();
        _time.Advance(Options.Idle - TimeSpan.FromSeconds(1));
        _book.Use(secret).ShouldNotBeNull();
        _time.Advance(Options.Idle - TimeSpan.FromSeconds(1));
        _book.Use(secret).ShouldNotBeNull();

        _time.Advance(Options.Idle);

        _book.Use(secret).ShouldBeNull();
        _book.All.ShouldBeEmpty();
        await _book.SweepAsync();
        (await _store.ReadAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Use_WithoutAPause_EndsAllTheSame()
    {
        var (_, secret) = await OpenAsync();
        var step = Options.Idle / 2;
        for (var passed = step; passed < Options.Longest; passed += step)
        {
            _time.Advance(step);
            _book.Use(secret).ShouldNotBeNull();
        }

        _time.Advance(step);

        _book.Use(secret).ShouldBeNull();
    }

    [Fact]
    public async Task Use_AfterTheCredentialChangedOrWent_HasEndedAtOnce()
    {
        var (_, secret) = await OpenAsync();

        _holders["user:anna"] = Holder("user:anna", "s2");
        _book.Use(secret).ShouldBeNull();

        _holders["user:anna"] = Holder("user:anna", "s1");
        _book.Use(secret).ShouldNotBeNull();
        _holders.Remove("user:anna");
        _book.Use(secret).ShouldBeNull();
    }

    [Fact]
    public async Task End_OfOne_LeavesTheOthers()
    {
        var (session, secret) = await OpenAsync();
        var (_, other) = await OpenAsync();

        await _book.EndAsync([session]);

        _book.Use(secret).ShouldBeNull();
        _book.Use(other).ShouldNotBeNull();
        (await _store.ReadAllAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Open_PastTheMost_EndsTheOneUnusedForLongest()
    {
        var secrets = new List<string>();
        for (var i = 0; i <= Options.MostOfOne; i++)
        {
            secrets.Add((await OpenAsync()).Secret);
            _time.Advance(TimeSpan.FromSeconds(1));
            // The second one, not the first, is the one left alone.
            _book.Use(secrets[0]);
        }

        _book.Use(secrets[0]).ShouldNotBeNull();
        _book.Use(secrets[1]).ShouldBeNull();
        _book.All.Count.ShouldBe(Options.MostOfOne);
    }

    [Fact]
    public async Task Load_AfterARestart_KnowsThemAndWhenTheyWereUsed()
    {
        var (_, secret) = await OpenAsync();
        _time.Advance(TimeSpan.FromMinutes(5));
        _book.Use(secret);
        await _book.SweepAsync();
        var used = _time.GetUtcNow();

        var again = Book();
        await again.LoadAsync();

        again.All.ShouldHaveSingleItem().LastUsedAt.ShouldBe(used);
        again.Use(secret).ShouldNotBeNull();
    }

    [Fact]
    public async Task CsrfToken_OfAnotherSession_DoesNotDo()
    {
        var (_, secret) = await OpenAsync();
        var (_, other) = await OpenAsync();
        var token = SessionSecret.CsrfTokenOf(secret);

        SessionSecret.IsCsrfTokenOf(secret, token).ShouldBeTrue();
        SessionSecret.IsCsrfTokenOf(other, token).ShouldBeFalse();
        SessionSecret.IsCsrfTokenOf(secret, secret).ShouldBeFalse();
        SessionSecret.IsCsrfTokenOf(secret, token + " ").ShouldBeFalse();
    }

    private SessionBook Book() => new(_store, id => _holders.GetValueOrDefault(id), Options, _time);

    private Task<(Session Session, string Secret)> OpenAsync() =>
        _book.OpenAsync(_holders["user:anna"], "::1", "curl");

    private static SessionHolder Holder(string id, string stamp) =>
        new(
            new Caller
            {
                Id = id,
                Name = id,
                Role = Role.Member,
            },
            stamp
        );
}
