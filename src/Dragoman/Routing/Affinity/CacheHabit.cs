using Dragoman.Catalog;

namespace Dragoman.Routing.Affinity;

/// <summary>How a kind of provider caches prompts by itself, as far as that is documented.</summary>
/// <param name="Least">Prompts of fewer tokens are not cached; null where nothing is cached unasked or no size is promised: then its usage alone tells.</param>
/// <param name="Lifetime">How long after its last use a cached prompt is to be counted on.</param>
internal readonly record struct CacheHabit(long? Least, TimeSpan Lifetime)
{
    /// <summary>Where nothing is documented: as long as the shortest that anybody promises.</summary>
    private static readonly CacheHabit Unknown = new(null, TimeSpan.FromMinutes(5));

    /// <summary>What is asked of Anthropic with <c>ttl: 1h</c> (docs.anthropic.com/en/docs/build-with-claude/prompt-caching, refreshed at each use).</summary>
    public static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, CacheHabit> ByType = new(StringComparer.Ordinal)
    {
        // developers.openai.com/docs/guides/prompt-caching (seen 2026-11-25): from 1,024 tokens on, 5 to 10 idle minutes, an hour at most.
        ["openai"] = new(1024, TimeSpan.FromMinutes(5)),
        ["azure"] = new(1024, TimeSpan.FromMinutes(5)),
        // console.groq.com/docs/prompt-caching (seen 2026-11-25): two hours without use; not for all models, so usage tells.
        ["groq"] = new(null, TimeSpan.FromHours(2)),
        // api-docs.deepseek.com/guides/kv_cache: kept on disks for hours and longer after the last use (not looked up again); usage tells hits.
        ["deepseek"] = new(64, TimeSpan.FromHours(1)),
        // ai.google.dev/gemini-api/docs/caching: implicit, without a promised lifetime; usage tells.
        ["google"] = new(null, TimeSpan.FromMinutes(5)),
        ["vertex"] = new(null, TimeSpan.FromMinutes(5)),
    };

    public static CacheHabit Of(ProviderType type) => ByType.GetValueOrDefault(type.Name, Unknown);
}
