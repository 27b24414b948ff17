using System.Net;
using System.Text;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Providers.AzureOpenAI;
using Dragoman.Providers.Vertex;

namespace Dragoman.Providers;

/// <summary>Address, credential, send: how a request reaches a provider over HTTP.</summary>
public sealed class HttpProvider : IDisposable
{
    /// <summary>The header that names this process, so that a request that comes back to us is noticed.</summary>
    public const string InstanceHeader = "x-dragoman-instance";

    private static readonly HttpRequestOptionsKey<TimeSpan> ConnectTimeoutKey = new(
        "dragoman.connect"
    );
    private readonly PlainVendor _plain = new();
    private readonly VertexVendor _vertex = new(TimeProvider.System);
    private readonly AzureVendor _azure = new();
    private readonly HttpMessageInvoker _client;

    /// <summary>One that reaches everybody, whatever configuration says.</summary>
    public HttpProvider()
        : this(new HouseDoor()) { }

    /// <param name="door">What every connection goes through: that of the snapshots, so that offline mode holds.</param>
    public HttpProvider(HouseDoor door)
        : this(new HouseDoorHandler(door, CreateHandler, (c, t) => ConnectAsync(door, c, t)))
    {
        Door = door;
    }

    internal HttpProvider(HttpMessageHandler handler) => _client = new HttpMessageInvoker(handler);

    /// <summary>What every connection goes through.</summary>
    internal HouseDoor Door { get; } = new();

    /// <summary>This process, as told upstream: random, new with every start.</summary>
    public string InstanceId { get; } = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());

    /// <summary>Sends, and completes when the response's headers are there.</summary>
    /// <exception cref="HttpRequestException">The provider could not be reached or broke off.</exception>
    internal Task<HttpResponseMessage> SendAsync(
        in UpstreamCall call,
        CancellationToken cancellationToken
    )
    {
        var provider = call.Deployment.Provider;
        var vendor = VendorOf(provider);
        if (vendor.FetchesTokens)
            return SendWithTokenAsync(vendor, call, cancellationToken);
        var request = Prepare(vendor, call);
        if (provider.InProcess is { } inProcess)
            return inProcess.SendAsync(request, cancellationToken);
        var authorizing = vendor.AuthorizeAsync(request, call, _client, cancellationToken);
        return authorizing.IsCompletedSuccessfully
            ? _client.SendAsync(request, cancellationToken)
            : SendOnceAsync(authorizing, request, cancellationToken);
    }

    /// <summary>Asks for the models that an account has: a call that is free. Completes when the response's headers are there.</summary>
    /// <exception cref="HttpRequestException">The provider could not be reached or broke off.</exception>
    internal Task<HttpResponseMessage> ListModelsAsync(
        Provider provider,
        IDialect dialect,
        KeyPool.PooledKey? key,
        CancellationToken cancellationToken
    )
    {
        var request = Prepare(
            HttpMethod.Get,
            new Uri(provider.BaseUrl.AbsoluteUri.TrimEnd('/') + provider.Type.ModelsPath),
            provider,
            dialect,
            []
        );
        PlainVendor.Authorize(request, provider, dialect, key);
        return _client.SendAsync(request, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Prepare(IVendor vendor, in UpstreamCall call)
    {
        var request = Prepare(
            HttpMethod.Post,
            vendor.AddressOf(call),
            call.Deployment.Provider,
            call.Dialect,
            call.Headers
        );
        request.Content = call.Content;
        request.Options.Set(ConnectTimeoutKey, call.ConnectTimeout);
        return request;
    }

    private HttpRequestMessage Prepare(
        HttpMethod method,
        Uri address,
        Provider provider,
        IDialect dialect,
        IReadOnlyList<KeyValuePair<string, string>> clientHeaders
    )
    {
        var request = new HttpRequestMessage(method, address);
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }
        var headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", "dragoman");
        headers.TryAddWithoutValidation(InstanceHeader, InstanceId);
        foreach (var (name, value) in provider.Headers)
            headers.TryAddWithoutValidation(name, value);
        foreach (var (name, value) in clientHeaders)
            headers.TryAddWithoutValidation(name, value);
        foreach (var (name, value) in dialect.RequestHeaders)
        {
            if (!headers.Contains(name))
                headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        ValueTask authorized,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        await authorized;
        return await _client.SendAsync(request, cancellationToken);
    }

    /// <summary>A token may end, or be taken back, before its time: then the call is sent once more with another.</summary>
    private async Task<HttpResponseMessage> SendWithTokenAsync(
        IVendor vendor,
        UpstreamCall call,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var request = Prepare(vendor, call);
            await vendor.AuthorizeAsync(request, call, _client, cancellationToken);
            var response = await _client.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized || !vendor.Renew(request, call))
                return response;
            response.Dispose();
            request = Prepare(vendor, call);
            await vendor.AuthorizeAsync(request, call, _client, cancellationToken);
            return await _client.SendAsync(request, cancellationToken);
        }
        catch (UnusableCredentialException unusable)
        {
            // As if the provider had said so: the key rests, and the next one is tried.
            return new HttpResponseMessage(HttpStatusCode.Unauthorized)
            {
                Content = new StringContent(unusable.Message),
            };
        }
    }

    /// <summary>Vendors with addresses or credentials of their own: one line each.</summary>
    private IVendor VendorOf(Provider provider) =>
        provider.Type switch
        {
            // One that is spoken to in another dialect is not at Vertex's addresses.
            { Name: "vertex", Speaks.Count: > 0 } => _vertex,
            { Name: "azure" } => _azure,
            _ => _plain,
        };

    private static SocketsHttpHandler CreateHandler() =>
        new()
        {
            // A redirect could carry the credential to another host.
            AllowAutoRedirect = false,
            UseCookies = false,
            // Bytes are relayed as they come; asking for compression would hide them from us.
            AutomaticDecompression = DecompressionMethods.None,
            // Our trace ids are nobody else's business.
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            // Follows changes of DNS within minutes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            EnableMultipleHttp2Connections = true,
            // A client's header goes on in the bytes it came in; unsendable, it would count as the provider's failure.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };

    private static async ValueTask<Stream> ConnectAsync(
        HouseDoor door,
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (context.InitialRequestMessage.Options.TryGetValue(ConnectTimeoutKey, out var timeout))
            limit.CancelAfter(timeout);
        try
        {
            return await door.ConnectAsync(context.DnsEndPoint, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectTimeoutException(timeout);
        }
    }
}

/// <summary>A provider's host did not take the connection in time.</summary>
internal sealed class ConnectTimeoutException(TimeSpan limit)
    : IOException($"No connection within {limit.TotalSeconds:0.###} s.");
