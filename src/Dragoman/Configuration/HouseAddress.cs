using System.Net;
using System.Net.Sockets;

namespace Dragoman.Configuration;

/// <summary>What an address tells about where it leads: into the house, or back to ourselves.</summary>
internal static class HouseAddress
{
    /// <summary>Loopback and private addresses: what is sent there does not leave the house.</summary>
    public static bool IsLocal(Uri address)
    {
        if (IsThisMachine(address))
            return true;
        if (!IPAddress.TryParse(address.IdnHost, out var ip))
            return false;
        if (ip.IsIPv4MappedToIPv6)
            ip = ip.MapToIPv4();
        if (ip.AddressFamily is AddressFamily.InterNetworkV6)
            return ip.IsIPv6UniqueLocal || ip.IsIPv6LinkLocal;
        var bytes = ip.GetAddressBytes();
        return bytes[0] is 10
            || bytes is [172, >= 16 and <= 31, ..]
            || bytes is [192, 168, ..]
            || bytes is [169, 254, ..];
    }

    /// <summary>True where a call to it would come back to this server.</summary>
    public static bool LeadsBack(Uri address, IReadOnlyCollection<int> ownPorts) =>
        ownPorts.Contains(address.Port) && IsThisMachine(address);

    private static bool IsThisMachine(Uri address)
    {
        var host = address.IdnHost;
        if (
            host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        )
            return true;
        return IPAddress.TryParse(host, out var ip)
            && (
                IPAddress.IsLoopback(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip)
                || ip.Equals(IPAddress.Any)
                || ip.Equals(IPAddress.IPv6Any)
            );
    }
}
