namespace Dragoman.Limits.Rates;

/// <summary>What a limit counts.</summary>
internal enum RateKind
{
    Requests,

    /// <summary>Of prompt and answer together.</summary>
    Tokens,
    InputTokens,
    OutputTokens,
}
