using System.Net;
using System.Net.Sockets;
using System.Text;
using Dragoman.Catalog;
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

    public HttpProvider()
        : this(CreateHandler()) { }

    internal HttpProvider(HttpMessageHandler handler) => _client = new HttpMessageInvoker(handler);

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

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Prepare(IVendor vendor, in UpstreamCall call)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, vendor.AddressOf(call))
        {
            Content = call.Content,
        };
        if (request.RequestUri!.Scheme == Uri.UriSchemeHttps)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }
        var headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", "dragoman");
        headers.TryAddWithoutValidation(InstanceHeader, InstanceId);
        foreach (var (name, value) in call.Deployment.Provider.Headers)
            headers.TryAddWithoutValidation(name, value);
        foreach (var (name, value) in call.Headers)
            headers.TryAddWithoutValidation(name, value);
        foreach (var (name, value) in call.Dialect.RequestHeaders)
        {
            if (!headers.Contains(name))
                headers.TryAddWithoutValidation(name, value);
        }
        request.Options.Set(ConnectTimeoutKey, call.ConnectTimeout);
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
            ConnectCallback = ConnectAsync,
        };

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (context.InitialRequestMessage.Options.TryGetValue(ConnectTimeoutKey, out var timeout))
            limit.CancelAfter(timeout);
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, limit.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new ConnectTimeoutException(timeout);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A provider's host did not take the connection in time.</summary>
internal sealed class ConnectTimeoutException(TimeSpan limit)
    : IOException($"No connection within {limit.TotalSeconds:0.###} s.");
