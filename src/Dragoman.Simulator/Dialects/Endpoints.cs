using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects;

/// <summary>The addresses of one dialect.</summary>
internal abstract class Endpoints
{
    /// <summary>Whether an address is one of them.</summary>
    public abstract bool Take(Incoming request);

    /// <summary>How the request is to be answered, errors included.</summary>
    public abstract Dialect DialectOf(Incoming request);

    /// <summary>Answers a request that was let in.</summary>
    public abstract Reply Answer(Incoming request);

    /// <summary>Whether the request has a key that is known, where keys are wanted.</summary>
    public virtual bool LetsIn(Incoming request, Simulation simulation) =>
        simulation.Options.ApiKeys is not { } keys
        || (request.Record.ApiKey is { } key && keys.Contains(key));

    /// <summary>What is refused where the key is missing or not known.</summary>
    public virtual Reply WrongKey(Incoming request) =>
        DialectOf(request)
            .Refuse(new(401, "The API key is missing or not known here.", Code: "invalid_api_key"));
}
