using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>
/// Ollama's counts in disjoint buckets and back. The cached ones are part of the prompt's and are said since 2026 (seen in
/// recorded answers of 2026-09); the prompt's own count may be absent, which is not zero.
/// </summary>
internal struct OllamaUsage
{
    public long? Prompt;
    public long? Cached;
    public long? Eval;

    public readonly TokenUsage? ToUsage()
    {
        if ((Prompt ?? Cached ?? Eval) is null)
            return null;
        var cached = Prompt is { } whole && Cached is { } part ? Math.Min(whole, part) : Cached;
        return new TokenUsage
        {
            Input = Prompt - (cached ?? 0),
            CacheRead = cached,
            Output = Eval,
        };
    }

    /// <summary>Writes the counts as members of the answer.</summary>
    public static void Write(Utf8JsonWriter json, TokenUsage? usage)
    {
        if (usage is null)
            return;
        DialectJson.Write(json, "prompt_eval_count"u8, usage.TotalInput);
        DialectJson.Write(json, "prompt_eval_cached_count"u8, usage.CacheRead);
        DialectJson.Write(json, "eval_count"u8, usage.TotalOutput);
    }
}
