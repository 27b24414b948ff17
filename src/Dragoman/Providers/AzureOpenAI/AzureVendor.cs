using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dragoman.Dialects;

namespace Dragoman.Providers.AzureOpenAI;

/// <summary>
/// Azure OpenAI: the key in <c>api-key</c>; the v1 API, or, where an account says <c>api_version</c>, the dated one whose
/// addresses name the deployment (learn.microsoft.com, api-version-lifecycle, seen 2026-11).
/// </summary>
internal sealed class AzureVendor : IVendor
{
    private readonly ConditionalWeakTable<
        Catalog.Deployment,
        ConcurrentDictionary<(IDialect, Operation, bool), Uri>
    > _addresses = [];

    public Uri AddressOf(in UpstreamCall call)
    {
        var known = _addresses.GetOrCreateValue(call.Deployment);
        var key = (call.Dialect, call.Operation, call.Stream);
        return known.TryGetValue(key, out var address) ? address : known[key] = Address(call);
    }

    public ValueTask AuthorizeAsync(
        HttpRequestMessage request,
        UpstreamCall call,
        HttpMessageInvoker client,
        CancellationToken cancellationToken
    )
    {
        if (call.Key is { } key)
            request.Headers.TryAddWithoutValidation("api-key", key.Bare);
        return ValueTask.CompletedTask;
    }

    private static Uri Address(in UpstreamCall call)
    {
        var deployment = call.Deployment;
        var root = Root(deployment.Provider.BaseUrl.AbsoluteUri);
        var path = call.Dialect.PathOf(call.Operation, deployment.Model, call.Stream);
        var version = deployment.Provider.Settings.GetValueOrDefault("api_version");
        // Dated versions have a date; v1 knows "preview" and "latest" beside none. Responses are the v1 API's everywhere.
        var isDated = version is { Length: > 0 } && char.IsAsciiDigit(version[0]);
        if (isDated && call.Dialect.Name == "openai")
            return new Uri(
                $"{root}/openai/deployments/{Uri.EscapeDataString(deployment.Model)}{path}?api-version={Uri.EscapeDataString(version!)}"
            );
        var query =
            isDated || version is null or "" or "v1"
                ? ""
                : "?api-version=" + Uri.EscapeDataString(version);
        return new Uri($"{root}/openai/v1{path}{query}");
    }

    /// <summary>The resource's address, however much of the path people copied with it.</summary>
    private static string Root(string address)
    {
        const string Segment = "/openai";
        var end = address.IndexOf(Segment, StringComparison.OrdinalIgnoreCase);
        // Not the host's own "…//openai.example", nor the beginning of a longer name.
        return
            end > 0
            && address[end - 1] != '/'
            && (end + Segment.Length == address.Length || address[end + Segment.Length] == '/')
            ? address[..end]
            : address.TrimEnd('/');
    }
}
