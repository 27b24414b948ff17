using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>What a whole, unstreamed answer is to the one who relays it.</summary>
public readonly record struct ReplyFacts
{
    /// <summary>It is a JSON object with an answer in it.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>It is valid JSON.</summary>
    public bool IsJson { get; init; }

    /// <summary>An error told with a status of success.</summary>
    public UpstreamError? Error { get; init; }

    /// <summary>How the first embedding is encoded; null in answers without any.</summary>
    public EmbeddingEncoding? Embedding { get; init; }
    public TokenUsage? Usage { get; init; }

    /// <summary>Text, reasoning and tool arguments in tokens, as we estimate them; counted only where <see cref="Usage"/> is null.</summary>
    public long? EstimatedTokens { get; init; }

    /// <summary>The service tier it was served with, where that has prices of its own; see <see cref="OpenAIChat.OpenAIServiceTier"/>.</summary>
    public string? ServiceTier { get; init; }
}
