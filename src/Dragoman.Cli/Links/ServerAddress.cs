using Dragoman.Canonical;
using Dragoman.Server;

namespace Dragoman.Cli.Links;

/// <summary>Where the server is, and the key for it.</summary>
/// <param name="Url">Its address, without a path.</param>
/// <param name="ApiKey">Null sends none.</param>
/// <param name="IsNamed">Somebody named it: then it must answer.</param>
internal sealed record ServerAddress(Uri Url, SecretText? ApiKey, bool IsNamed)
{
    public static readonly Uri Usual = new($"http://localhost:{ServerOptions.DefaultPort}");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <exception cref="CommandFailure">The address is none.</exception>
    public static ServerAddress Of(
        string? url,
        string? apiKey,
        Func<string, string?> environment,
        Uri usual
    )
    {
        var named = Said(url) ?? Said(environment("DRAGOMAN_URL"));
        var key =
            Said(apiKey)
            ?? Said(environment("DRAGOMAN_API_KEY"))
            // The server of this machine was most likely started with the same environment; no other address is ever sent its key.
            ?? (named is null ? Said(environment("DRAGOMAN_ADMIN_KEY")) : null);
        var secret = key is null ? null : new SecretText(key);
        if (named is null)
            return new ServerAddress(usual, secret, IsNamed: false);
        var written = named.Contains("://", StringComparison.Ordinal) ? named : "http://" + named;
        if (
            !Uri.TryCreate(written, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
        )
            throw CommandFailure.Usage(
                $"'{named}' is not the address of a server",
                "One looks like this: --url http://localhost:8007 (or DRAGOMAN_URL)."
            );
        if (address.UserInfo.Length > 0)
            throw CommandFailure.Usage(
                "the server's address holds a name or a password, which would be told wherever the address is",
                "Give the key as --api-key, or in DRAGOMAN_API_KEY."
            );
        return new ServerAddress(address, secret, IsNamed: true);
    }

    /// <summary>Who is there.</summary>
    public async Task<Presence> LookAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(Url, "/health/live"), cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            return
                answer.IsSuccessStatusCode
                && body.StartsWith("{\"status\":", StringComparison.Ordinal)
                ? Presence.Dragoman
                : Presence.Other;
        }
        catch (HttpRequestException failure)
            when (failure.HttpRequestError
                    is HttpRequestError.ResponseEnded
                        or HttpRequestError.InvalidResponse
                        or HttpRequestError.SecureConnectionError
            )
        {
            return Presence.Other;
        }
        catch (HttpRequestException)
        {
            return Presence.Nobody;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Presence.Other;
        }
    }

    private static string? Said(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>What answers at an address.</summary>
internal enum Presence
{
    Nobody,
    Dragoman,
    Other,
}
