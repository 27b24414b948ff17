using System.Net;
using System.Text;
using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Server.Hosting;
using Dragoman.TestKit;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Access;

/// <summary>A hundred thousand wrong keys neither fill the log nor get in anybody's way.</summary>
public sealed class WrongKeysTests
{
    private const int Attempts = 100_000;

    [Fact]
    public void Check_AHundredThousandWrongKeys_LogsOneLineAndAllocatesNothingForEach()
    {
        var log = new LogLines<WrongKeys>();
        var wrong = new WrongKeys(log);
        var book = new KeyBook(TimeProvider.System);
        var right = KeySecret.Make();
        book.Put(KeyFacts.Bare(1, right));
        using var people = new PeopleBook(new InMemoryPeopleStore());
        var check = new KeyCheck(
            new AdminKey(new("dk-admin")),
            book,
            people,
            wrong,
            TimeProvider.System
        );
        var requests = Enumerable
            .Range(0, Attempts)
            .Select(i => RequestOf(i % 3 == 0 ? KeySecret.Make() : $"guess-{i}"))
            .ToList();
        var good = RequestOf(right);
        check.Find(good, out _).ShouldNotBeNull();
        // What a context makes of itself when it is first looked at is not the check's.
        foreach (var request in requests)
            check.Find(request, out _).ShouldBeNull();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var admitted = 0;
        foreach (var request in requests)
        {
            admitted -= check.Find(request, out _) is null ? 0 : 1;
            admitted += check.Find(good, out _) is null ? 0 : 1;
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        admitted.ShouldBe(Attempts);
#if !DEBUG
        (allocated / Attempts).ShouldBe(0);
#endif
        wrong.All.ShouldBe(2 * Attempts);
        log.All.ShouldBeEmpty();
        wrong.Tell();
        wrong.Tell();
        log.All.ShouldHaveSingleItem().Text.ShouldContain($"{2 * Attempts} requests");
    }

    [Fact]
    public async Task Server_UnderAHundredThousandWrongKeys_RefusesEachAndServesTheRightOne()
    {
        await using var house = await KeyHouse.StartAsync();
        var (_, secret) = await house.MakeAsync();
        const int Connections = 4;

        var trying = Enumerable
            .Range(0, Connections)
            .Select(_ => Task.Run(() => TryAsync(house, Attempts / Connections)))
            .ToList();
        var served = 0;
        while (!trying.TrueForAll(static one => one.IsCompleted))
        {
            using var answer = await house.AskAsync(secret, "sim/swift");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            served++;
        }

        (await Task.WhenAll(trying)).Sum().ShouldBe(Attempts);
        served.ShouldBePositive();
    }

    /// <summary>Sends that many requests, each with another wrong key, and counts the refusals.</summary>
    private static async Task<int> TryAsync(KeyHouse house, int count)
    {
        await using var connection = await house.Server.ConnectAsync();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < count; i++)
                await connection.WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {(i % 2 == 0 ? KeySecret.Make() : "guess-" + i)}\r\n\r\n"
                    )
                );
        });
        using var reader = new StreamReader(connection, Encoding.ASCII, leaveOpen: true);
        var refused = 0;
        while (refused < count && await reader.ReadLineAsync() is { } line)
        {
            // A body has no line's end: the next answer's status stands right behind it.
            if (line.EndsWith("HTTP/1.1 401 Unauthorized", StringComparison.Ordinal))
                refused++;
            line.Contains("HTTP/1.1 200", StringComparison.Ordinal).ShouldBeFalse();
        }
        await sending;
        return refused;
    }

    private static HttpRequest RequestOf(string secret)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = "Bearer " + secret;
        return context.Request;
    }
}
