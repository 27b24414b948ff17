using Dragoman.Exchanges;

namespace Dragoman.Usage.Bodies;

/// <summary>What is kept of an exchange beside its record, encrypted. Null is "there was none".</summary>
public sealed record KeptBody(RequestId Request, DateTimeOffset Expires)
{
    public ReadOnlyMemory<byte>? Prompt { get; init; }
    public ReadOnlyMemory<byte>? Answer { get; init; }
}

/// <summary>Where prompts and answers are kept until their time is over.</summary>
public interface IBodyStore
{
    /// <summary>Keeps them all, or none.</summary>
    void Put(IReadOnlyList<KeptBody> bodies);

    /// <summary>That of a request; null where none is kept, or its time is over.</summary>
    KeptBody? Find(RequestId request, DateTimeOffset now);

    /// <summary>Deletes those whose time is over; gives how many they were.</summary>
    int DeleteExpired(DateTimeOffset now);
}

/// <summary>Keeps them in memory: for gateways in a process, and for tests.</summary>
public sealed class InMemoryBodyStore : IBodyStore
{
    private readonly Dictionary<RequestId, KeptBody> _bodies = [];
    private readonly Lock _lock = new();

    public void Put(IReadOnlyList<KeptBody> bodies)
    {
        lock (_lock)
            foreach (var body in bodies)
                _bodies[body.Request] = body;
    }

    public KeptBody? Find(RequestId request, DateTimeOffset now)
    {
        lock (_lock)
            return _bodies.TryGetValue(request, out var body) && body.Expires > now ? body : null;
    }

    public int DeleteExpired(DateTimeOffset now)
    {
        lock (_lock)
        {
            var expired = _bodies.Values.Where(body => body.Expires <= now).ToList();
            foreach (var body in expired)
                _bodies.Remove(body.Request);
            return expired.Count;
        }
    }
}
