using System.Globalization;
using Dragoman.Canonical;

namespace Dragoman.Forwarding;

/// <summary>
/// Tells from status and error body what kind of failure a provider means: the status alone often does not say (a context
/// overflow may be a 400, 413 or 429, a bad key a 400, an empty account a 429).
/// </summary>
internal static class RefusalRules
{
    // Codes and phrases of OpenAI, Azure, Mistral, DeepSeek, xAI, Together, Groq, Fireworks, vLLM, Ollama, LM Studio and Gemini,
    // as found in recorded errors and the vendors' pages (seen 2026-11).
    private static readonly string[] ContextPhrases =
    [
        "context_length_exceeded",
        "maximum context length",
        "context window",
        "context length",
        "maximum prompt length",
        "prompt is too long",
        "exceed context limit",
        // Cohere's; Bedrock's "too many tokens, please wait" is a rate limit.
        "too many tokens:",
        "input token count",
        "exceeds the maximum number of tokens",
        "larger than the maximum number of tokens",
        "input is too long",
        "exceed_context_size",
    ];
    private static readonly string[] FilterPhrases =
    [
        "content_filter",
        "content_policy_violation",
        "content management policy",
        "data_inspection_failed",
        "responsibleaipolicyviolation",
        "moderation",
    ];
    private static readonly string[] QuotaPhrases =
    [
        "insufficient_quota",
        "insufficient balance",
        "billing_hard_limit",
        "exceeded your current quota",
        "credit balance",
        "arrearage",
    ];
    private static readonly string[] KeyPhrases =
    [
        "invalid_api_key",
        "incorrect api key",
        "api key not valid",
        "api_key_invalid",
        "invalid api key",
    ];

    /// <summary>The kind of failure of a status outside 200–299.</summary>
    public static OutcomeKind Classify(int status, UpstreamError error)
    {
        switch (status)
        {
            case 401:
                return OutcomeKind.Unauthorized;
            case 402:
                return OutcomeKind.PaymentRequired;
            case 404:
                return OutcomeKind.NotFound;
            case 408 or >= 500:
                return OutcomeKind.ServerError;
            case >= 300 and < 400:
                return OutcomeKind.Redirected;
            case 400 or 413 or 422 or 403 or 429:
                break;
            default:
                return OutcomeKind.InvalidRequest;
        }
        // Gemini says "exceeded your current quota" of its limits per minute too, and then when to come again.
        if (Says(error, QuotaPhrases) && error.RetryAfter is null)
            return OutcomeKind.Quota;
        if (Says(error, ContextPhrases))
            return OutcomeKind.ContextLength;
        // Groq tells a request above the limit per minute with 413.
        if (status == 429 || Has(error.Code, "rate_limit"))
            return OutcomeKind.RateLimited;
        if (Says(error, FilterPhrases))
            return OutcomeKind.ContentFilter;
        if (status == 403)
            return OutcomeKind.Forbidden;
        if (Says(error, KeyPhrases))
            return OutcomeKind.Unauthorized;
        return
            error.Param?.StartsWith("stream_options", StringComparison.Ordinal) == true
            || Has(error.Message, "stream_options")
            ? OutcomeKind.RefusesStreamOptions
            : OutcomeKind.InvalidRequest;
    }

    /// <summary>The kind of an error told inside an answer of status 200, before any content.</summary>
    public static OutcomeKind ClassifyInAnswer(UpstreamError error)
    {
        var status =
            int.TryParse(error.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            && code is >= 300 and < 600
                ? code
                : (int?)null;
        if (status is { } known)
            return Classify(known, error);
        if (Says(error, QuotaPhrases))
            return OutcomeKind.Quota;
        if (Says(error, ContextPhrases))
            return OutcomeKind.ContextLength;
        if (Has(error.Code, "rate_limit") || Has(error.Type, "rate_limit"))
            return OutcomeKind.RateLimited;
        // Anthropic's, which has a status of its own (529) where there is still one to tell.
        if (Has(error.Type, "overloaded"))
            return OutcomeKind.ServerError;
        return Says(error, FilterPhrases) ? OutcomeKind.ContentFilter : OutcomeKind.ErrorInAnswer;
    }

    private static bool Says(UpstreamError error, string[] phrases)
    {
        foreach (var phrase in phrases)
        {
            if (Has(error.Code, phrase) || Has(error.Type, phrase) || Has(error.Message, phrase))
                return true;
        }
        return false;
    }

    private static bool Has(string? text, string phrase) =>
        text?.Contains(phrase, StringComparison.OrdinalIgnoreCase) == true;
}
