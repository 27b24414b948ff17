using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Dragoman.Server.Hosting;

/// <summary>
/// The keys a request carries, in any of the places dialects put theirs. Some clients send two (a placeholder beside the real
/// one), so each is tried.
/// </summary>
internal readonly ref struct OfferedKeys
{
    private const string Scheme = "Bearer ";

    private readonly ReadOnlySpan<char> _bearer;
    private readonly string? _xApiKey;
    private readonly string? _apiKey;
    private readonly string? _googleKey;
    private readonly string? _queryKey;

    private OfferedKeys(HttpRequest request)
    {
        var headers = request.Headers;
        var authorization = One(headers.Authorization);
        if (authorization is not null)
        {
            if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
                _bearer = authorization.AsSpan(Scheme.Length).Trim();
            if (_bearer.IsEmpty)
                IsMalformed = true;
        }
        _xApiKey = One(headers["x-api-key"]);
        _apiKey = One(headers["api-key"]);
        _googleKey = One(headers["x-goog-api-key"]);
        if (request.QueryString.HasValue)
            _queryKey = One(request.Query["key"]);
        IsEmpty =
            _bearer.IsEmpty
            && _xApiKey is null
            && _apiKey is null
            && _googleKey is null
            && _queryKey is null;
    }

    public bool IsEmpty { get; }

    /// <summary>There was an Authorization header, but not one of the scheme Bearer with a key.</summary>
    public bool IsMalformed { get; }

    public static OfferedKeys Of(HttpRequest request) => new(request);

    /// <summary>How many places there are.</summary>
    public const int Places = 5;

    /// <summary>What is in a place; empty where nothing is.</summary>
    public ReadOnlySpan<char> this[int place] =>
        place switch
        {
            0 => _bearer,
            1 => _xApiKey,
            2 => _apiKey,
            3 => _googleKey,
            _ => _queryKey,
        };

    private static string? One(StringValues values) =>
        values is [{ Length: > 0 } value] ? value : null;
}
