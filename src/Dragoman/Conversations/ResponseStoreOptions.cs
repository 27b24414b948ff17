namespace Dragoman.Conversations;

/// <summary>How long answers are kept, and how many.</summary>
public sealed record ResponseStoreOptions
{
    /// <summary>After that an answer is forgotten; 30 days, as OpenAI does it (platform.openai.com, data controls, seen 2026-11).</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The most answers that are kept; the oldest make room.</summary>
    public int Capacity { get; init; } = 100_000;

    /// <summary>The most bytes that an in-memory store takes; the oldest make room.</summary>
    public long MemoryBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Answers larger than this, with what was asked, are not kept.</summary>
    public int LargestBytes { get; init; } = 16 * 1024 * 1024;
}
