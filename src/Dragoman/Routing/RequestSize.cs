using Dragoman.Dialects;

namespace Dragoman.Routing;

/// <summary>How much a request asks for, as well as that is known before anybody answers.</summary>
/// <param name="PromptTokens">Tokens of the prompt, as we estimate them.</param>
/// <param name="MaxTokens">The longest answer the client allows; null where it does not say.</param>
/// <param name="Choices">How many answers it asks for.</param>
internal readonly record struct RequestSize(
    long PromptTokens,
    long? MaxTokens = null,
    int Choices = 1
)
{
    /// <summary>English has about four bytes a token; good enough to compare prices by.</summary>
    private const int BytesPerToken = 4;

    /// <summary>For decisions that requests of any size share.</summary>
    public static readonly RequestSize Usual = new(1_000);

    /// <summary>What was peeked tells enough to compare prices by.</summary>
    public static RequestSize Roughly(RequestEnvelope envelope) =>
        new(envelope.PromptBytes / BytesPerToken + 1, MaxTokensOf(envelope), envelope.Choices);

    /// <summary>As well as it can be told: for limits of money.</summary>
    public static RequestSize Closely(
        RequestEnvelope envelope,
        IDialect dialect,
        ReadOnlyMemory<byte> body
    ) => new(dialect.EstimatePrompt(body), MaxTokensOf(envelope), envelope.Choices);

    /// <summary>The size class, a power of two of tokens: requests of one class have one shortlist.</summary>
    public RequestSize Class =>
        new(
            PowerOfTwo(Math.Max(PromptTokens, 256)),
            MaxTokens is { } most ? PowerOfTwo(Math.Max(most, 16)) : null
        );

    private static long PowerOfTwo(long tokens) => 1L << (int)long.Log2(tokens);

    private static long? MaxTokensOf(RequestEnvelope envelope) =>
        envelope.MaxTokens > 0 ? envelope.MaxTokens : null;
}
