using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace Dragoman.Providers;

/// <summary>
/// The door through which every connection of ours to others goes. In offline mode it is shut: only addresses in the house are
/// connected to, and no name is looked up that could lead out of it.
/// </summary>
public sealed class HouseDoor
{
    private readonly Func<IPAddress, bool> _isInHouse;
    private volatile FrozenSet<string>? _houseNames;

    /// <summary>A door that is open until it is told otherwise.</summary>
    public HouseDoor()
        : this(HouseAddress.IsInHouse) { }

    internal HouseDoor(Func<IPAddress, bool> isInHouse) => _isInHouse = isInHouse;

    /// <summary>Finds the addresses behind a name.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> LookUp { get; init; } =
        Dns.GetHostAddressesAsync;

    /// <summary>Offline mode: nothing leaves the house.</summary>
    public bool IsShut => _houseNames is not null;

    /// <summary>Lets everything through.</summary>
    public void Open() => _houseNames = null;

    /// <summary>Lets nothing out from now on, be it on a connection that is open already.</summary>
    /// <param name="houseNames">Names of servers that configuration says are in the house: they may be looked up.</param>
    public void Shut(IEnumerable<string> houseNames) =>
        _houseNames = houseNames.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why nothing can be sent to <paramref name="address"/> now; null where it may, as far as its name tells.</summary>
    public string? WhyNot(Uri address) =>
        _houseNames is { } names ? WhyNot(address.IdnHost, names) : null;

    /// <summary>Connects, or refuses.</summary>
    /// <exception cref="OfflineException">The door is shut, and this leads out of the house.</exception>
    internal async ValueTask<Stream> ConnectAsync(
        DnsEndPoint to,
        CancellationToken cancellationToken
    )
    {
        var names = _houseNames;
        var addresses = names is null
            ? null
            : await InHouseAsync(to.Host, names, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (addresses is null)
                await socket.ConnectAsync(to, cancellationToken).ConfigureAwait(false);
            else
                await socket
                    .ConnectAsync(addresses, to.Port, cancellationToken)
                    .ConfigureAwait(false);
            // Shut in the meantime.
            if (
                addresses is null
                && IsShut
                && !(socket.RemoteEndPoint is IPEndPoint there && _isInHouse(there.Address))
            )
                throw new OfflineException(Outside(to.Host));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses behind a host that are in the house; never none.</summary>
    private async ValueTask<IPAddress[]> InHouseAsync(
        string host,
        FrozenSet<string> names,
        CancellationToken cancellationToken
    )
    {
        if (WhyNot(host, names) is { } reason)
            throw new OfflineException(reason);
        if (IPAddress.TryParse(host, out var ip))
            return [ip];
        var found = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var inHouse = Array.FindAll(found, address => _isInHouse(address));
        return inHouse.Length > 0 ? inHouse : throw new OfflineException(Outside(host));
    }

    private string? WhyNot(string host, FrozenSet<string> names) =>
        (
            IPAddress.TryParse(host, out var ip)
                ? _isInHouse(ip)
                : names.Contains(host) || HouseAddress.IsPrivateName(host)
        )
            ? null
            : Outside(host);

    private static string Outside(string host) =>
        $"offline mode: {host} is outside the house, and nothing may leave it (local_only)";
}

/// <summary>Offline mode kept a connection from being made.</summary>
internal sealed class OfflineException(string reason) : IOException(reason)
{
    /// <summary>The refusal behind <paramref name="failure"/>; null where there is none.</summary>
    public static OfflineException? In(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is OfflineException offline)
                return offline;
        }
        return null;
    }
}
