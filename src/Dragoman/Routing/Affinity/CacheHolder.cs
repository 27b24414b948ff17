namespace Dragoman.Routing.Affinity;

/// <summary>Who holds the beginning of a conversation in its provider's cache.</summary>
/// <param name="Deployment">Its <c>provider/model</c>.</param>
/// <param name="Key">The key's place in its pool; null where it has none. Caches are an account's.</param>
/// <param name="HeldTokens">How much of the prompt.</param>
/// <param name="Lifetime">How long after each use.</param>
/// <param name="ExpiresAt">When that is over.</param>
internal sealed record CacheHolder(
    string Deployment,
    int? Key,
    long HeldTokens,
    TimeSpan Lifetime,
    DateTimeOffset ExpiresAt
);
