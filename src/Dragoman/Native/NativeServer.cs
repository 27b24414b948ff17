using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dragoman.Canonical;

namespace Dragoman.Native;

/// <summary>A Dragoman server as its clients call it: addresses, the key, and failures told as <see cref="GatewayException"/>.</summary>
internal sealed class NativeServer(
    HttpClient http,
    Uri address,
    SecretText? apiKey,
    string below = "/api/llm/"
)
{
    private readonly Uri _root = new(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + below);

    /// <summary>Calls <paramref name="path"/> and reads the whole answer.</summary>
    /// <exception cref="GatewayException">There is no answer, or none that can be read.</exception>
    public async Task<T> CallAsync<T>(
        HttpMethod method,
        string path,
        ReadOnlyMemory<byte> body,
        JsonTypeInfo<T> shape,
        CancellationToken cancellationToken
    )
    {
        using var response = await OpenAsync(method, path, body, cancellationToken);
        return await ReadAsync(response, shape, cancellationToken);
    }

    /// <summary>Reads a whole answer.</summary>
    /// <exception cref="GatewayException">It breaks off, or cannot be read.</exception>
    public static async Task<T> ReadAsync<T>(
        HttpResponseMessage response,
        JsonTypeInfo<T> shape,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, shape, cancellationToken)
                ?? throw Unreadable(null);
        }
        catch (JsonException odd)
        {
            throw Unreadable(odd);
        }
        catch (Exception broken) when (IsBroken(broken, cancellationToken))
        {
            throw Cut(broken);
        }
    }

    /// <summary>Calls <paramref name="path"/>; completes when the answer's headers are there.</summary>
    /// <exception cref="GatewayException">The server is not to be reached, or it refused.</exception>
    public async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method,
        string path,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(_root, path));
        if (ifMatch is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(ifMatch));
        if (apiKey is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                apiKey.Reveal()
            );
        if (!body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
        }
        catch (Exception broken) when (IsBroken(broken, cancellationToken))
        {
            throw broken is OperationCanceledException
                ? Late(broken)
                : Failed(
                    $"No Dragoman answers at {address}: {broken.Message}",
                    DragomanClient.UnreachableCode,
                    broken
                );
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, cancellationToken);
    }

    private static async Task<GatewayException> RefusalAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        var wait = response.Headers.RetryAfter?.Delta;
        byte[] body;
        try
        {
            body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (Exception broken) when (IsBroken(broken, cancellationToken))
        {
            body = [];
        }
        return ProblemReader.Read(body, (int)response.StatusCode, wait);
    }

    /// <summary>The connection broke, or the HTTP client's own time limit passed; not that the caller cancelled.</summary>
    public static bool IsBroken(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or IOException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The answer began and did not end.</summary>
    public static GatewayException Cut(Exception? cause, string? requestId = null) =>
        cause is OperationCanceledException
            ? Late(cause)
            : Failed(
                "The answer broke off before its end.",
                DragomanClient.AnswerCutCode,
                cause,
                requestId
            );

    public static GatewayException Unreadable(Exception? cause) =>
        Failed(
            "The server's answer cannot be read: it may be another version, or no Dragoman at all.",
            "malformed_answer",
            cause
        );

    private static GatewayException Late(Exception cause) =>
        new(
            new GatewayError(GatewayErrorKind.Timeout, "The time limit of the HTTP client passed.")
            {
                Code = "client_timeout",
            },
            GatewayFailure.Timeout,
            requestId: null,
            attempts: null,
            cause
        );

    private static GatewayException Failed(
        string message,
        string code,
        Exception? cause,
        string? requestId = null
    ) =>
        new(
            new GatewayError(GatewayErrorKind.Upstream, message) { Code = code },
            GatewayFailure.Upstream,
            requestId,
            attempts: null,
            cause
        );
}
