using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Native;

/// <summary>What kind of failure an error is to a caller, and the words for it on a wire.</summary>
internal static class GatewayFailures
{
    private static readonly (GatewayFailure Failure, string Word)[] Words =
    [
        .. Enum.GetValues<GatewayFailure>()
            .Select(static failure =>
                (failure, JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString()))
            ),
    ];

    /// <summary>E.g. <c>rate_limited</c>.</summary>
    public static string WordOf(GatewayFailure failure) =>
        Array.Find(Words, known => known.Failure == failure).Word;

    /// <summary>The kind of that word; null for any other.</summary>
    public static GatewayFailure? Find(string? word)
    {
        foreach (var known in Words)
            if (known.Word == word)
                return known.Failure;
        return null;
    }

    /// <summary>The error's own code, else the usual one of its kind; a provider's code that only repeats a status says nothing.</summary>
    public static string CodeOf(GatewayError error) =>
        error.Code is { Length: > 0 } own && !own.All(char.IsAsciiDigit)
            ? own
            : error.Kind switch
            {
                GatewayErrorKind.InvalidRequest => "invalid_request",
                GatewayErrorKind.Authentication => "invalid_api_key",
                GatewayErrorKind.Permission => "permission_denied",
                GatewayErrorKind.NotFound => "not_found",
                GatewayErrorKind.RequestTooLarge => "request_too_large",
                GatewayErrorKind.ContextLength => "context_length_exceeded",
                GatewayErrorKind.ContentFilter => "content_filter",
                GatewayErrorKind.Budget => "budget_exceeded",
                GatewayErrorKind.RateLimited => "rate_limited",
                GatewayErrorKind.NotSupported => "not_supported",
                GatewayErrorKind.Unavailable => "unavailable",
                GatewayErrorKind.Upstream => "upstream_error",
                GatewayErrorKind.Timeout => "timeout",
                GatewayErrorKind.Loop => "loop_detected",
                _ => "internal_error",
            };

    public static GatewayFailure Of(GatewayError error) =>
        error.Code switch
        {
            "upstream_authentication" => GatewayFailure.Authentication,
            "budget_exceeded" => GatewayFailure.Budget,
            _ => error.Kind switch
            {
                GatewayErrorKind.InvalidRequest or GatewayErrorKind.RequestTooLarge =>
                    GatewayFailure.InvalidRequest,
                GatewayErrorKind.Authentication or GatewayErrorKind.Permission =>
                    GatewayFailure.Authentication,
                GatewayErrorKind.ContextLength => GatewayFailure.ContextLength,
                GatewayErrorKind.ContentFilter => GatewayFailure.ContentFilter,
                GatewayErrorKind.Budget => GatewayFailure.Budget,
                GatewayErrorKind.RateLimited => GatewayFailure.RateLimited,
                GatewayErrorKind.Timeout => GatewayFailure.Timeout,
                GatewayErrorKind.NotFound or GatewayErrorKind.Unavailable =>
                    GatewayFailure.NoProvider,
                GatewayErrorKind.NotSupported => GatewayFailure.NotSupported,
                GatewayErrorKind.Internal => GatewayFailure.Internal,
                _ => GatewayFailure.Upstream,
            },
        };

    /// <summary>The kind of a refusal that is no problem document of ours: a proxy's, or an older server's.</summary>
    public static GatewayFailure OfStatus(int status) =>
        status switch
        {
            401 or 403 or 407 => GatewayFailure.Authentication,
            408 or 504 => GatewayFailure.Timeout,
            402 => GatewayFailure.Budget,
            429 => GatewayFailure.RateLimited,
            501 => GatewayFailure.NotSupported,
            503 => GatewayFailure.NoProvider,
            500 => GatewayFailure.Internal,
            >= 400 and < 500 => GatewayFailure.InvalidRequest,
            _ => GatewayFailure.Upstream,
        };

    public static GatewayErrorKind ErrorKindOf(GatewayFailure failure) =>
        failure switch
        {
            GatewayFailure.InvalidRequest => GatewayErrorKind.InvalidRequest,
            GatewayFailure.Budget => GatewayErrorKind.Budget,
            GatewayFailure.RateLimited => GatewayErrorKind.RateLimited,
            GatewayFailure.Authentication => GatewayErrorKind.Authentication,
            GatewayFailure.Timeout => GatewayErrorKind.Timeout,
            GatewayFailure.ContextLength => GatewayErrorKind.ContextLength,
            GatewayFailure.ContentFilter => GatewayErrorKind.ContentFilter,
            GatewayFailure.NoProvider => GatewayErrorKind.Unavailable,
            GatewayFailure.NotSupported => GatewayErrorKind.NotSupported,
            GatewayFailure.Internal => GatewayErrorKind.Internal,
            _ => GatewayErrorKind.Upstream,
        };
}
