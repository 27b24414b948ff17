using Dragoman.Routing.Quality;

namespace Dragoman.Routing;

/// <summary>What is known of deployments now, beside what was thought of them before their answers were seen.</summary>
/// <param name="Now">Speeds and failures are those of this moment.</param>
/// <param name="Quality">How good they are thought to be since people said what they think of answers; null takes the catalog's word.</param>
internal readonly record struct LiveFacts(DateTimeOffset Now, LiveQuality? Quality);
