using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dragoman.TestKit;

/// <summary>The check of a request's key among ten thousand, as the gate does it: what benchmarks time and tests guard.</summary>
public sealed class KeyWay
{
    private const int Keys = 10_000;

    private readonly CountingKeyStore _store = new();
    private readonly KeyCheck _check;
    private readonly DefaultHttpContext[] _requests;
    private readonly DefaultHttpContext _wrong = RequestOf(KeySecret.Make());
    private int _turn;

    public KeyWay()
    {
        var book = new KeyBook(TimeProvider.System);
        using var desk = new KeyDesk(book, _store, TimeProvider.System, hasOtherDoor: () => true);
        var requests = new List<DefaultHttpContext>();
        for (var i = 0; i < Keys; i++)
        {
            var made = desk.MakeAsync(Caller.AdminKey, KeyFacts.Of("key " + i)).Result;
            // A stride that meets every key before it meets one again.
            if (i % 97 == 0)
                requests.Add(RequestOf(made.Secret!.Reveal()));
        }
        _requests = [.. requests];
        _check = new KeyCheck(
            admin: null,
            book,
            new PeopleBook(new InMemoryPeopleStore()),
            new WrongKeys(NullLogger<WrongKeys>.Instance),
            TimeProvider.System
        );
        StoreCalls = _store.Calls;
    }

    /// <summary>What the store was asked while the keys were made.</summary>
    public int StoreCalls { get; }

    /// <summary>What it was asked until now.</summary>
    public int StoreCallsNow => _store.Calls;

    public void Check()
    {
        _turn = (_turn + 1) % _requests.Length;
        if (_check.Find(_requests[_turn].Request, out _) is null)
            throw new InvalidOperationException("A right key was refused.");
    }

    public void CheckWrong()
    {
        if (_check.Find(_wrong.Request, out _) is not null)
            throw new InvalidOperationException("A wrong key was taken.");
    }

    private static DefaultHttpContext RequestOf(string secret)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = "Bearer " + secret;
        return context;
    }
}
