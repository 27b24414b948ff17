using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Providers;

/// <summary>A vendor as most are: the dialect's path below the provider's address, and the key in a header.</summary>
internal sealed class PlainVendor : IVendor
{
    private readonly ConditionalWeakTable<
        Deployment,
        ConcurrentDictionary<(IDialect, Operation, bool), Uri>
    > _addresses = [];

    public Uri AddressOf(in UpstreamCall call)
    {
        var known = _addresses.GetOrCreateValue(call.Deployment);
        var key = (call.Dialect, call.Operation, call.Stream);
        if (known.TryGetValue(key, out var address))
            return address;
        var deployment = call.Deployment;
        return known[key] = new Uri(
            deployment.Provider.AddressOf(call.Spoken)
                + call.Dialect.PathOf(call.Operation, deployment.Model, call.Stream)
        );
    }

    public ValueTask AuthorizeAsync(
        HttpRequestMessage request,
        UpstreamCall call,
        HttpMessageInvoker client,
        CancellationToken cancellationToken
    )
    {
        Authorize(request, call.Deployment.Provider, call.Dialect, call.Key);
        return ValueTask.CompletedTask;
    }

    /// <summary>Puts the key where the provider wants it.</summary>
    public static void Authorize(
        HttpRequestMessage request,
        Provider provider,
        IDialect dialect,
        KeyPool.PooledKey? key
    )
    {
        if (key is null)
            return;
        var place = provider.Type.KeyPlace ?? UsualPlace(dialect.Name);
        request.Headers.TryAddWithoutValidation(
            place switch
            {
                KeyPlace.XApiKey => "x-api-key",
                KeyPlace.XGoogApiKey => "x-goog-api-key",
                KeyPlace.ApiKey => "api-key",
                _ => "Authorization",
            },
            place == KeyPlace.Bearer ? key.Bearer : key.Bare
        );
    }

    private static KeyPlace UsualPlace(string dialect) =>
        dialect switch
        {
            "anthropic" => KeyPlace.XApiKey,
            "gemini" => KeyPlace.XGoogApiKey,
            _ => KeyPlace.Bearer,
        };
}
