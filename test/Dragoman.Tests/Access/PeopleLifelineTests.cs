using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Canonical;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

/// <summary>What is under way ends when who asked for it may not any more.</summary>
public sealed class PeopleLifelineTests
{
    private static readonly GatewayError Gone = new(GatewayErrorKind.Authentication, "gone");

    [Fact]
    public void Sweep_AKeyWhoseOwnerMayNot_EndsWhatHangsOnItAndCountsAgainLater()
    {
        var book = new KeyBook(TimeProvider.System);
        var secret = KeySecret.Make();
        book.Put(KeyFacts.Bare(1, secret));
        var before = book.Find(KeyHash.Of(secret))!.Caller.Life!;
        var token = before.Token;

        book.Sweep(_ => null);
        before.End.ShouldBeNull();
        book.Sweep(_ => Gone);

        before.End.ShouldBe(Gone);
        SpinWait.SpinUntil(() => token.IsCancellationRequested, 5_000).ShouldBeTrue();
        book.Find(KeyHash.Of(secret))!.Caller.Life!.End.ShouldBeNull();
    }

    [Theory]
    [InlineData(true, Role.Member)]
    [InlineData(false, Role.Viewer)]
    public async Task Change_OfASignedInUserWhoMayNotCall_EndsWhatHangsOnThem(
        bool isDisabled,
        Role role
    )
    {
        using var book = await WithAnnAsync();
        var life = book.Current.CallerOf("ann")!.Life!;
        _ = life.Token;

        await PutAsync(book, user => user with { Name = "Ann B" });
        life.End.ShouldBeNull();
        book.Current.CallerOf("ann")!.Life.ShouldBeSameAs(life);
        await PutAsync(book, user => user with { IsDisabled = isDisabled, Role = role });

        life.End!.Code.ShouldBe("user_disabled");
        await PutAsync(book, user => user with { IsDisabled = false, Role = Role.Member });
        book.Current.CallerOf("ann")!.Life!.End.ShouldBeNull();
    }

    private static async Task<PeopleBook> WithAnnAsync()
    {
        var book = new PeopleBook(new InMemoryPeopleStore());
        await book.ChangeAsync(_ => new PeopleChange
        {
            PutUsers =
            [
                new User
                {
                    Id = "ann",
                    Name = "Ann",
                    Role = Role.Member,
                    Stamp = "1",
                    CreatedAt = default,
                    UpdatedAt = default,
                },
            ],
        });
        return book;
    }

    private static async Task PutAsync(PeopleBook book, Func<User, User> change) =>
        (
            await book.ChangeAsync(roster =>
            {
                var user = roster.FindUser("ann")!;
                return new PeopleChange
                {
                    PutUsers = [change(user) with { Version = user.Version + 1 }],
                };
            })
        ).ShouldBeTrue();
}
