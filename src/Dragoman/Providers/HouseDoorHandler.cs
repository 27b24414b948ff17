namespace Dragoman.Providers;

/// <summary>
/// Sends over connections that went through a <see cref="HouseDoor"/>. Those made while it was open and those made while it was
/// shut are kept apart, so that none is used beyond the moment it is shut; and while it is shut no proxy is, which would carry
/// out what is sent to it.
/// </summary>
internal sealed class HouseDoorHandler : HttpMessageHandler
{
    private readonly HouseDoor _door;
    private readonly HttpMessageInvoker _open;
    private readonly HttpMessageInvoker _shut;

    /// <param name="door">The door.</param>
    /// <param name="make">Makes a handler as its user wants it.</param>
    /// <param name="connect">Connects in another way around the door's, e.g. under a limit of time; null connects by the door alone.</param>
    public HouseDoorHandler(
        HouseDoor door,
        Func<SocketsHttpHandler> make,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null
    )
    {
        _door = door;
        connect ??= (context, cancellationToken) =>
            door.ConnectAsync(context.DnsEndPoint, cancellationToken);
        var open = make();
        open.ConnectCallback = async (context, cancellationToken) =>
        {
            // Too late for a request that found the door open; and what is connected to may be a proxy.
            if (
                door.IsShut
                && context.InitialRequestMessage.RequestUri is { } address
                && (
                    door.WhyNot(address)
                    ?? (address.IdnHost == context.DnsEndPoint.Host ? null : ThroughProxy(address))
                )
                    is { } reason
            )
                throw new OfflineException(reason);
            return await connect(context, cancellationToken);
        };
        var shut = make();
        shut.UseProxy = false;
        shut.ConnectCallback = connect;
        (_open, _shut) = (new HttpMessageInvoker(open), new HttpMessageInvoker(shut));
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => Now.SendAsync(request, cancellationToken);

    /// <summary>Exporters of telemetry call this one, off the request's way.</summary>
    protected override HttpResponseMessage Send(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => Now.Send(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _open.Dispose();
            _shut.Dispose();
        }
        base.Dispose(disposing);
    }

    private HttpMessageInvoker Now => _door.IsShut ? _shut : _open;

    private static string ThroughProxy(Uri address) =>
        $"offline mode: {address.IdnHost} is behind a proxy, and nothing may leave the house (local_only)";
}
