using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Administration;

/// <summary>
/// The admin API of a Dragoman server over HTTP: what the command line and the console use. Failures are the
/// <see cref="GatewayException"/>s that the server's problem documents tell. Safe for use by many threads at once.
/// </summary>
public sealed partial class AdminClient : IDisposable
{
    private readonly NativeServer _server;
    private readonly HttpClient? _own;

    /// <param name="address">Where the server is, e.g. <c>http://127.0.0.1:8007</c>.</param>
    /// <param name="apiKey">The key to show; null for a server without keys.</param>
    /// <param name="http">The client to call with, which stays the caller's; null makes one.</param>
    public AdminClient(Uri address, string? apiKey = null, HttpClient? http = null)
    {
        if (address.UserInfo.Length > 0)
            throw new ArgumentException(
                "The address must hold no name and no password: they would be told wherever it is. Pass the key as apiKey.",
                nameof(address)
            );
        _own = http is null
            ? new HttpClient(
                new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) },
                disposeHandler: true
            )
            : null;
        _server = new NativeServer(
            http ?? _own!,
            address,
            string.IsNullOrEmpty(apiKey) ? null : new SecretText(apiKey),
            "/api/admin/"
        );
    }

    /// <summary>Reads what is at a path below <c>/api/admin/</c>.</summary>
    public async Task<AdminThing<T>> GetAsync<T>(
        string path,
        JsonTypeInfo<T> shape,
        CancellationToken cancellationToken = default
    ) => await CallAsync(HttpMethod.Get, path, null, null, shape, cancellationToken);

    /// <summary>One page of a list.</summary>
    /// <param name="path">E.g. <c>keys</c>, or <c>keys?team=research</c>.</param>
    /// <param name="shape">The page's shape.</param>
    /// <param name="after">Where the page before ended; null is the first.</param>
    /// <param name="limit">How many at most; null is the server's usual.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<AdminList<T>> ListAsync<T>(
        string path,
        JsonTypeInfo<AdminList<T>> shape,
        string? after = null,
        int? limit = null,
        CancellationToken cancellationToken = default
    )
    {
        if (after is not null)
            path += (path.Contains('?') ? "&after=" : "?after=") + Uri.EscapeDataString(after);
        if (limit is { } most)
            path += (path.Contains('?') ? "&" : "?") + FormattableString.Invariant($"limit={most}");
        return (await GetAsync(path, shape, cancellationToken)).Value;
    }

    /// <summary>Everything of a list, page by page.</summary>
    public async IAsyncEnumerable<T> AllAsync<T>(
        string path,
        JsonTypeInfo<AdminList<T>> shape,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        string? after = null;
        do
        {
            var page = await ListAsync(
                path,
                shape,
                after,
                limit: null,
                cancellationToken: cancellationToken
            );
            foreach (var item in page.Data)
                yield return item;
            after = page.NextAfter;
        } while (after is not null);
    }

    /// <summary>Posts a body, or none, and reads the answer.</summary>
    public Task<AdminThing<TAnswer>> PostAsync<TBody, TAnswer>(
        string path,
        TBody body,
        JsonTypeInfo<TBody> bodyShape,
        JsonTypeInfo<TAnswer> shape,
        CancellationToken cancellationToken = default
    ) =>
        CallAsync(
            HttpMethod.Post,
            path,
            JsonSerializer.SerializeToUtf8Bytes(body, bodyShape),
            null,
            shape,
            cancellationToken
        );

    /// <inheritdoc cref="PostAsync{TBody, TAnswer}"/>
    public Task<AdminThing<TAnswer>> PostAsync<TAnswer>(
        string path,
        JsonTypeInfo<TAnswer> shape,
        CancellationToken cancellationToken = default
    ) =>
        // A server without keys takes only what says that it is JSON, as no web page of others can.
        CallAsync(HttpMethod.Post, path, "{}"u8.ToArray(), null, shape, cancellationToken);

    /// <summary>Replaces a thing that is still as it was when <paramref name="etag"/> was read.</summary>
    public Task<AdminThing<TAnswer>> PutAsync<TBody, TAnswer>(
        string path,
        TBody body,
        string etag,
        JsonTypeInfo<TBody> bodyShape,
        JsonTypeInfo<TAnswer> shape,
        CancellationToken cancellationToken = default
    ) =>
        CallAsync(
            HttpMethod.Put,
            path,
            JsonSerializer.SerializeToUtf8Bytes(body, bodyShape),
            etag,
            shape,
            cancellationToken
        );

    /// <summary>Takes a thing away; with <paramref name="etag"/> only if it is still as it was.</summary>
    public async Task DeleteAsync(
        string path,
        string? etag = null,
        CancellationToken cancellationToken = default
    )
    {
        using var response = await _server.OpenAsync(
            HttpMethod.Delete,
            path,
            default,
            cancellationToken,
            etag
        );
    }

    /// <summary>Lets go of the connections, where they are its own.</summary>
    public void Dispose() => _own?.Dispose();

    private async Task<AdminThing<T>> CallAsync<T>(
        HttpMethod method,
        string path,
        ReadOnlyMemory<byte>? body,
        string? etag,
        JsonTypeInfo<T> shape,
        CancellationToken cancellationToken
    )
    {
        using var response = await _server.OpenAsync(
            method,
            path,
            body ?? default,
            cancellationToken,
            etag
        );
        return new AdminThing<T>(
            await NativeServer.ReadAsync(response, shape, cancellationToken),
            response.Headers.ETag?.ToString()
        );
    }
}
