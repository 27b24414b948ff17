using System.Text;
using Dragoman.Access;
using Dragoman.Access.Auditing;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every store of audit entries must do, with the trail above it.</summary>
public abstract class AuditStoreContract
{
    private static readonly AuditKey Key = new(Encoding.UTF8.GetBytes(new string('k', 32)));

    /// <summary>The keys that trails of this test seal with.</summary>
    private protected static AuditKeys Keys { get; } = new(Key);

    private protected ManualTime Time { get; } = new();

    /// <summary>An empty store.</summary>
    private protected abstract IAuditStore Store { get; }

    private protected AuditTrail Trail => field ??= new AuditTrail(Store, Keys, Time);

    [Fact]
    public async Task Append_AnEvent_KeepsEveryMember()
    {
        await Trail.AppendAsync(
            new AuditEvent
            {
                Who = new Caller
                {
                    Id = "user:anna",
                    Name = "Anna Ärger 🙂",
                    Role = Role.Manager,
                },
                Address = "::1",
                UserAgent = "curl/8",
                Action = "key.update",
                Subject = "key_1",
                Before = """{"a":1}""",
                After = """{"a":2}""",
            }
        );

        var entry = (await Store.ListAsync(new AuditQuery())).ShouldHaveSingleItem();
        entry.Number.ShouldBe(1);
        entry.At.ShouldBe(Time.GetUtcNow());
        entry.Who.ShouldBe("user:anna");
        entry.Name.ShouldBe("Anna Ärger 🙂");
        entry.Role.ShouldBe("manager");
        entry.Address.ShouldBe("::1");
        entry.UserAgent.ShouldBe("curl/8");
        entry.Action.ShouldBe("key.update");
        entry.Subject.ShouldBe("key_1");
        entry.Before.ShouldBe("""{"a":1}""");
        entry.After.ShouldBe("""{"a":2}""");
        (await CheckAsync()).ShouldBe(
            new AuditCheck(1, null, null, ExpectedEnd.Text(1, entry.Mac))
        );
    }

    [Fact]
    public async Task Append_WithoutACaller_SaysWhoItWas()
    {
        await Trail.AppendAsync(new AuditEvent { Action = "a" });
        await Trail.AppendAsync(new AuditEvent { Source = "file", Action = "a" });

        (await Store.ListAsync(new AuditQuery()))
            .Select(static entry => entry.Who)
            .ShouldBe(["file", "open"]);
    }

    [Fact]
    public async Task Append_OddTexts_AreKeptShortAndSound()
    {
        await Trail.AppendAsync(
            new AuditEvent
            {
                Action = "a",
                UserAgent = "half \ud83d letters\r\n" + new string('x', 500),
                Subject = "nul \0 within",
                After = "\"" + new string('x', 100_000) + "\"",
            }
        );

        var entry = (await Store.ListAsync(new AuditQuery())).ShouldHaveSingleItem();
        entry.UserAgent!.Length.ShouldBeLessThanOrEqualTo(120);
        entry.UserAgent.ShouldNotContain('\n');
        entry.Subject.ShouldBe("nul   within");
        entry.After!.Length.ShouldBeLessThan(100);
        (await CheckAsync()).IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task Append_ByManyAtOnce_MakesOneChain()
    {
        var other = new AuditTrail(Store, Keys, Time);

        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    Task.Run(async () =>
                        await (i % 2 == 0 ? Trail : other).AppendAsync(
                            new AuditEvent { Action = "a", Subject = $"{i}" }
                        )
                    )
                )
        );

        var check = await CheckAsync();
        check.Trouble.ShouldBeNull();
        check.Count.ShouldBe(40);
    }

    [Fact]
    public async Task List_ByEveryFilter_GivesThoseTheNewestFirst()
    {
        await AddAsync("user:a", "key.create", "key_1");
        await AddAsync("user:b", "key.update", "key_1");
        var middle = Time.GetUtcNow();
        await AddAsync("user:a", "keyring.create", "x");
        await AddAsync("user:a", "session.create", "ses_1");

        (await NumbersAsync(new AuditQuery())).ShouldBe([4, 3, 2, 1]);
        (await NumbersAsync(new AuditQuery { Who = "user:a" })).ShouldBe([4, 3, 1]);
        (await NumbersAsync(new AuditQuery { Action = "key" })).ShouldBe([2, 1]);
        (await NumbersAsync(new AuditQuery { Action = "key.update" })).ShouldBe([2]);
        (await NumbersAsync(new AuditQuery { Subject = "key_1" })).ShouldBe([2, 1]);
        (await NumbersAsync(new AuditQuery { Since = middle })).ShouldBe([4, 3]);
        (await NumbersAsync(new AuditQuery { Until = middle })).ShouldBe([2, 1]);
        (await NumbersAsync(new AuditQuery { Before = 3, Limit = 1 })).ShouldBe([2]);
        (await NumbersAsync(new AuditQuery { Who = "user:a", Action = "key" })).ShouldBe([1]);
    }

    private protected async Task AddAsync(string who, string action, string? subject = null)
    {
        await Trail.AppendAsync(
            new AuditEvent
            {
                Who = new Caller
                {
                    Id = who,
                    Name = who,
                    Role = Role.Admin,
                },
                Action = action,
                Subject = subject,
            }
        );
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    private protected ValueTask<AuditCheck> CheckAsync(ExpectedEnd? expected = null) =>
        Store.WalkAsync((end, entries) => AuditCheck.Of(end, entries, Keys, expected));

    private async Task<IEnumerable<long>> NumbersAsync(AuditQuery query) =>
        (await Store.ListAsync(query)).Select(static entry => entry.Number);
}
