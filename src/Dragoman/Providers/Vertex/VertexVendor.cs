using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Providers.Vertex;

/// <summary>
/// Vertex AI: models stand below a project and a location, Claude's behind a method of their own, and the key is a credential that
/// tokens are fetched with (docs.cloud.google.com/vertex-ai/generative-ai/docs, seen 2026-11).
/// </summary>
internal sealed class VertexVendor(TimeProvider time) : IVendor
{
    private const string Host = "aiplatform.googleapis.com";

    private readonly ConditionalWeakTable<KeyPool.PooledKey, GoogleAccess> _access = [];
    private readonly ConditionalWeakTable<
        Deployment,
        ConcurrentDictionary<(IDialect, Operation, bool, KeyPool.PooledKey?), Uri>
    > _addresses = [];

    public bool FetchesTokens => true;

    public Uri AddressOf(in UpstreamCall call)
    {
        var known = _addresses.GetOrCreateValue(call.Deployment);
        var key = (call.Dialect, call.Operation, call.Stream, call.Key);
        return known.TryGetValue(key, out var address) ? address : known[key] = Make(call);
    }

    public async ValueTask AuthorizeAsync(
        HttpRequestMessage request,
        UpstreamCall call,
        HttpMessageInvoker client,
        CancellationToken cancellationToken
    )
    {
        if (call.Key is not { } key)
            return;
        var token = await AccessOf(key).TokenAsync(client, cancellationToken);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
    }

    public bool Renew(HttpRequestMessage refused, in UpstreamCall call)
    {
        if (call.Key is not { } key || refused.Headers.Authorization?.Parameter is not { } token)
            return false;
        AccessOf(key).Forget(token);
        return true;
    }

    private GoogleAccess AccessOf(KeyPool.PooledKey key) =>
        _access.GetValue(key, known => new GoogleAccess(known.Secret, time));

    private Uri Make(in UpstreamCall call)
    {
        var provider = call.Deployment.Provider;
        var location = provider.Settings.GetValueOrDefault("location") ?? "global";
        if (location.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-"))
            throw new UnusableCredentialException("The location is none of Google's.");
        var project =
            provider.Settings.GetValueOrDefault("project")
            ?? (call.Key is { } key ? AccessOf(key).Credential.Project : null)
            ?? throw new UnusableCredentialException(
                "No project is known: the credentials name none, so configuration must."
            );
        return new Uri(
            $"{Root(provider.AddressOf(call.Spoken), location)}/projects/{Uri.EscapeDataString(project)}/locations/{location}{Path(call)}"
        );
    }

    /// <summary>Google's own host is another for each location; an address of one's own is taken as it is.</summary>
    private static string Root(string address, string location)
    {
        var at = address.IndexOf("//" + Host + "/", StringComparison.Ordinal);
        if (at < 0 || location == "global")
            return address;
        // The two large regions have names of another kind.
        var host = location is "us" or "eu"
            ? $"aiplatform.{location}.rep.googleapis.com"
            : $"{location}-{Host}";
        return address[..(at + 2)] + host + address[(at + 2 + Host.Length)..];
    }

    private static string Path(in UpstreamCall call)
    {
        var model = call.Deployment.Model;
        var isClaude = call.Dialect.Name == "anthropic";
        var usual = call.Dialect.PathOf(call.Operation, model, call.Stream);
        var method =
            isClaude ? (call.Stream ? ":streamRawPredict" : ":rawPredict")
            : call.Operation == Operation.Embeddings ? ":predict"
            : usual[usual.LastIndexOf(':')..];
        if (isClaude && call.Operation == Operation.CountTokens)
            model = "count-tokens";
        var name = string.Join('/', model.Split('/').Select(Uri.EscapeDataString));
        // What is named in full, a tuned model's endpoint or another publisher's model, is taken as it is.
        return
            name.StartsWith("publishers/", StringComparison.Ordinal)
            || name.StartsWith("endpoints/", StringComparison.Ordinal)
            ? $"/{name}{method}"
            : $"/publishers/{(isClaude ? "anthropic" : "google")}/models/{name}{method}";
    }
}
