using System.Text.Json;
using System.Text.Unicode;
using Dragoman.Canonical;
using Dragoman.Catalog;

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

    /// <summary>What a dialect's own readers find in an answer.</summary>
    internal static ReplyFacts Of(
        IDialect dialect,
        ReadOnlyMemory<byte> body,
        Operation operation,
        ProviderType provider
    )
    {
        if (!IsValidJson(body.Span))
            return default;
        switch (operation)
        {
            case Operation.CountTokens:
                var said = dialect.ReadError(body.Span);
                return new ReplyFacts { IsJson = true, IsAnswer = !said.IsCanonicalShape };
            case Operation.Embeddings when dialect.Embeddings is { } embeddings:
                return embeddings.TryReadReply(body, asked: null, out var vectors, out var fault)
                    ? new ReplyFacts
                    {
                        IsJson = true,
                        IsAnswer = true,
                        Usage = vectors!.Usage,
                        Embedding = vectors.Embeddings is [var first, ..] ? first.Encoding : null,
                    }
                    : new ReplyFacts { IsJson = true, Error = fault };
            default:
                return dialect.TryReadReply(body, provider, out var reply, out var error)
                    ? Of(reply!)
                    : new ReplyFacts { IsJson = true, Error = error };
        }
    }

    /// <summary>What is told of an answer that was read whole.</summary>
    internal static ReplyFacts Of(ChatReply reply) =>
        new()
        {
            IsJson = true,
            IsAnswer = true,
            Usage = reply.Usage,
            EstimatedTokens = reply.Usage is null ? Estimate(reply) : null,
            ServiceTier = reply.Usage?.ServiceTier,
        };

    private static long Estimate(ChatReply reply)
    {
        var estimate = new TokenEstimate();
        foreach (var choice in reply.Choices)
        foreach (var part in choice.Message.Parts)
            estimate.Add(
                part switch
                {
                    TextPart text => text.Text.Escaped.Span,
                    ReasoningPart reasoning => reasoning.Text.Escaped.Span,
                    RefusalPart refusal => refusal.Text.Escaped.Span,
                    ToolCallPart call => call.Arguments.AsText().Escaped.Span,
                    _ => default,
                }
            );
        return estimate.Tokens;
    }

    private static bool IsValidJson(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
            return false;
        try
        {
            var json = new Utf8JsonReader(
                body,
                new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            while (json.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
