using System.Net;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Providers.Vertex;

/// <summary>
/// The access token of one credential: fetched when it is needed, kept while it is good, renewed before it ends. One renewal at a
/// time, whoever asks; while the old token is still good nobody waits for it.
/// </summary>
internal sealed class GoogleAccess(SecretText source, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How long before its end a token is renewed.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>A token is not used in its last seconds: it must still be good when it arrives.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private GoogleCredential? _credential;
    private Token? _token;
    private Task<Token>? _renewal;

    private sealed record Token(string Value, DateTimeOffset RenewAt, DateTimeOffset EndsAt);

    /// <summary>What the credential says; read once.</summary>
    /// <exception cref="UnusableCredentialException">It cannot be read.</exception>
    public GoogleCredential Credential => _credential ??= GoogleCredential.Read(source.Reveal());

    /// <summary>A token that is good.</summary>
    /// <exception cref="UnusableCredentialException">The credential cannot be used.</exception>
    /// <exception cref="HttpRequestException">Google could not be asked.</exception>
    public ValueTask<string> TokenAsync(
        HttpMessageInvoker client,
        CancellationToken cancellationToken
    )
    {
        Task<Token> renewal;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_token is { } token && now < token.EndsAt)
            {
                if (now >= token.RenewAt && _renewal is null)
                    _ = UnwatchedAsync(_renewal = RenewAsync(client));
                return new ValueTask<string>(token.Value);
            }
            renewal = _renewal ??= RenewAsync(client);
        }
        return WaitAsync(renewal, cancellationToken);
    }

    /// <summary>The token was refused: it is not used again, and the credential is read anew.</summary>
    public void Forget(string token)
    {
        lock (_lock)
        {
            if (_token?.Value != token)
                return;
            (_token, _credential) = (null, null);
        }
    }

    private static async ValueTask<string> WaitAsync(
        Task<Token> renewal,
        CancellationToken cancellationToken
    ) => (await renewal.WaitAsync(cancellationToken)).Value;

    private static async Task UnwatchedAsync(Task<Token> renewal)
    {
        try
        {
            await renewal;
        }
        catch (Exception e) when (e is HttpRequestException or UnusableCredentialException)
        {
            // The token at hand is still good; whoever comes when it is not is told.
        }
    }

    /// <summary>Belongs to nobody's request: who asked first may go while others wait.</summary>
    private async Task<Token> RenewAsync(HttpMessageInvoker client)
    {
        // Off the lock, which the caller holds.
        await Task.Yield();
        try
        {
            var token = await FetchAsync(client);
            lock (_lock)
                (_token, _renewal) = (token, null);
            return token;
        }
        catch
        {
            lock (_lock)
                _renewal = null;
            throw;
        }
    }

    private async Task<Token> FetchAsync(HttpMessageInvoker client)
    {
        var now = time.GetUtcNow();
        var credential = Credential;
        using var request = new HttpRequestMessage(HttpMethod.Post, credential.TokenAddress)
        {
            Content = credential.Ask(now),
        };
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            using var response = await client.SendAsync(request, patience.Token);
            var body = await response.Content.ReadAsByteArrayAsync(patience.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => Read(body, now),
                HttpStatusCode.BadRequest
                or HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden => throw new UnusableCredentialException(
                    $"Google gave no token for the credentials: {ErrorOf(body)}."
                ),
                var status => throw new HttpRequestException(
                    $"Google gave no token (HTTP {(int)status})."
                ),
            };
        }
        catch (OperationCanceledException)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                "Google gave no token in time."
            );
        }
    }

    private static Token Read(byte[] body, DateTimeOffset now)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var root = answer.RootElement;
            if (root.GetProperty("access_token").GetString() is { Length: > 0 } value)
            {
                var life = TimeSpan.FromSeconds(
                    Math.Clamp(root.GetProperty("expires_in").GetInt64(), 0, 86_400)
                );
                // A short life is renewed at its half.
                return new Token(
                    value,
                    now + (life > 2 * Ahead ? life - Ahead : life / 2),
                    now + (life > 2 * Margin ? life - Margin : life)
                );
            }
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
            )
        {
            // Told below.
        }
        throw new HttpRequestException("Google's token endpoint answered with no token.");
    }

    /// <summary>The word of an OAuth error; never more, since the rest may quote what was sent.</summary>
    private static string ErrorOf(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            if (
                answer.RootElement.ValueKind is JsonValueKind.Object
                && answer.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind is JsonValueKind.String
                && error.GetString() is { Length: > 0 and <= 40 } word
            )
                return word;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No word then.
        }
        return "it did not say why";
    }
}
