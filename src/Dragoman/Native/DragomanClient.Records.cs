using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace Dragoman.Native;

/// <content>What the server knows of requests.</content>
public sealed partial class DragomanClient
{
    /// <summary>The caller's own records, newest first.</summary>
    /// <param name="limit">How many at most, up to 500; null takes the server's usual number.</param>
    /// <param name="before">Only those older than the request of this id: <see cref="RequestPage.NextBefore"/> of the page before.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="GatewayException">They could not be had; its kind tells why.</exception>
    public Task<RequestPage> GetRequestsAsync(
        int? limit = null,
        string? before = null,
        CancellationToken cancellationToken = default
    ) =>
        GetAsync(
            "requests"
                + Parameters(
                    ("limit", limit?.ToString(CultureInfo.InvariantCulture)),
                    ("before", before)
                ),
            RequestsJson.Default.RequestPage,
            cancellationToken
        );

    /// <summary>One record, whole; null where there is none of that id.</summary>
    /// <exception cref="GatewayException">It could not be had; its kind tells why.</exception>
    public Task<RequestInfo?> GetRequestAsync(
        string id,
        CancellationToken cancellationToken = default
    ) =>
        FindAsync(
            "requests/" + Uri.EscapeDataString(id),
            RequestsJson.Default.RequestInfo,
            cancellationToken
        );

    private Task<T> GetAsync<T>(
        string path,
        JsonTypeInfo<T> shape,
        CancellationToken cancellationToken
    ) => _server.CallAsync(HttpMethod.Get, path, default, shape, cancellationToken);

    /// <summary>What is at <paramref name="path"/>; null where nothing is.</summary>
    private async Task<T?> FindAsync<T>(
        string path,
        JsonTypeInfo<T> shape,
        CancellationToken cancellationToken
    )
        where T : class
    {
        try
        {
            return await GetAsync(path, shape, cancellationToken);
        }
        catch (GatewayException missing)
            when (missing
                    is {
                        Error.Status: 404,
                        Code: "request_not_found" or "model_not_found" or "no_model_matches"
                    }
            )
        {
            return null;
        }
    }

    /// <summary>The query string of those that are said; empty where none is.</summary>
    private static string Parameters(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = "";
        foreach (var (name, value) in parameters)
            if (value is not null)
                query += (query.Length == 0 ? "?" : "&") + name + "=" + Uri.EscapeDataString(value);
        return query;
    }
}
